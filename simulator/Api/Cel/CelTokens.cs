using System.Globalization;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Simulator.Api.Cel;

internal enum CelTokenKind
{
    Name,
    Number,
    Text,
    Symbol,
    End,
}

internal readonly record struct CelToken(CelTokenKind Kind, string Value, int Position);

/// <summary>Splits an expression into names, numbers, texts and symbols.</summary>
internal static partial class CelTokens
{
    public static List<CelToken> Split(string expression)
    {
        var result = new List<CelToken>();
        for (var at = 0; at < expression.Length;)
        {
            var match = Token().Match(expression, at);
            if (!match.Success)
            {
                throw new FormatException($"unexpected '{expression[at]}' at position {at.ToString(CultureInfo.InvariantCulture)}");
            }

            if (!match.Groups["space"].Success)
            {
                result.Add(Read(match, at));
            }

            at += match.Length;
        }

        result.Add(new(CelTokenKind.End, "", expression.Length));
        return result;
    }

    private static CelToken Read(Match match, int at)
    {
        if (match.Groups["text"].Success)
        {
            return new(CelTokenKind.Text, Escape().Replace(match.Value[1..^1], m => m.Groups[1].Value switch { "n" => "\n", "t" => "\t", var c => c }), at);
        }

        var kind = match.Groups["name"].Success ? CelTokenKind.Name : match.Groups["number"].Success ? CelTokenKind.Number : CelTokenKind.Symbol;
        return new(kind, match.Value, at);
    }

    [GeneratedRegex("""\G(?:(?<space>\s+)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<number>[0-9]+(?:\.[0-9]+)?)|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<symbol>\|\||&&|==|!=|<=|>=|[-+!<>()\[\].,?:]))""")]
    private static partial Regex Token();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
