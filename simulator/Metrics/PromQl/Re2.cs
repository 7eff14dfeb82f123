using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>
/// RE2 expressions on .NET's engine: rewritten where the two read the same text differently (ASCII classes, anchors,
/// POSIX classes, \Q..\E, \x{..}), refused where only .NET would accept it (lookaround, back-references).
/// An expression matches whole values only.
/// </summary>
internal sealed class Re2
{
    private const int CacheLimit = 512;
    private static readonly ConcurrentDictionary<string, Re2> Cache = new(StringComparer.Ordinal);

    private readonly Regex _regex;
    private readonly Dictionary<string, int> _groupNames;

    private Re2(string pattern)
    {
        var rewriter = new Re2Rewriter(pattern);
        try
        {
            // NonBacktracking: linear time, as RE2; a query cannot stall the process.
            _regex = new Regex($@"\A(?:{rewriter.Rewrite()})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (RegexParseException e)
        {
            throw new Re2SyntaxException(Problem(e.Error), pattern);
        }
        catch (NotSupportedException)
        {
            // .NET's linear engine gives up on automata above some size, which RE2 limits as well.
            throw new Re2SyntaxException("expression nests too deeply", pattern);
        }

        _groupNames = rewriter.GroupNames;
    }

    private static string Problem(RegexParseError error) => error switch
    {
        RegexParseError.QuantifierAfterNothing => "missing argument to repetition operator",
        RegexParseError.NestedQuantifiersNotParenthesized => "invalid nested repetition operator",
        RegexParseError.InsufficientClosingParentheses => "missing closing )",
        RegexParseError.InsufficientOpeningParentheses => "unexpected )",
        RegexParseError.ReversedCharacterRange or RegexParseError.ShorthandClassInCharacterRange => "invalid character class range",
        RegexParseError.ReversedQuantifierRange or RegexParseError.QuantifierOrCaptureGroupOutOfRange => "invalid repeat count",
        _ => $"invalid expression ({error})",
    };

    /// <exception cref="Re2SyntaxException">RE2 does not accept the expression.</exception>
    public static Re2 Compile(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var compiled = new Re2(pattern);
        // Bounded, and never worth evicting by age: the queries of a cluster are few and repeat.
        if (Cache.Count < CacheLimit)
        {
            Cache[pattern] = compiled;
        }

        return compiled;
    }

    public bool IsMatch(string value) => _regex.IsMatch(value);

    /// <summary>Matches and fills in a template of <c>$1</c>, <c>${1}</c>, <c>$name</c> and <c>$$</c>; null without a match.</summary>
    public string? Expand(string value, string template)
    {
        var match = _regex.Match(value);
        if (!match.Success)
        {
            return null;
        }

        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '$')
            {
                text.Append(template[i]);
                continue;
            }

            var (name, length) = Reference(template.AsSpan(i + 1));
            text.Append(length == 0 || name == "$" ? "$" : Group(match, name));
            i += length;
        }

        return text.ToString();
    }

    /// <summary>The name behind a '$' and how many characters it takes; 0: the '$' stands for itself.</summary>
    private static (string Name, int Length) Reference(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("$"))
        {
            return ("$", 1);
        }

        var braced = text.StartsWith("{");
        var start = braced ? 1 : 0;
        var end = start;
        // The longest run counts: $1x is a group named "1x", as in Go.
        while (end < text.Length && MetricNames.IsLabelPart(text[end]))
        {
            end++;
        }

        return end == start || (braced && (end >= text.Length || text[end] != '}'))
            ? ("", 0)
            : (text[start..end].ToString(), end + (braced ? 1 : 0));
    }

    private string Group(Match match, string name) =>
        int.TryParse(name, out var number) || _groupNames.TryGetValue(name, out number) ? match.Groups[number].Value : "";
}
