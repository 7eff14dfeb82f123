using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Api.Trees;
using Term = System.Func<CanaryFunctions.Simulator.Api.Cel.CelScope, System.Text.Json.Nodes.JsonNode?>;

namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>What operators and methods do.</summary>
internal static class CelOperators
{
    // CEL's || and && do not care for an error on one side when the other side alone decides.
    public static Term Either(Term left, Term right, bool decides) => s =>
    {
        try
        {
            if (CelScope.AsBool(left(s)) == decides)
            {
                return decides;
            }
        }
        catch (CelError) when (CelScope.AsBool(right(s)) == decides)
        {
            return decides;
        }

        return CelScope.AsBool(right(s));
    };

    public static Term Comparison(string op, Term left, Term right) => op switch
    {
        "==" => s => JsonTree.Same(left(s), right(s)),
        "!=" => s => !JsonTree.Same(left(s), right(s)),
        "<=" => s => CelScope.Compare(left(s), right(s)) <= 0,
        ">=" => s => CelScope.Compare(left(s), right(s)) >= 0,
        "<" => s => CelScope.Compare(left(s), right(s)) < 0,
        _ => s => CelScope.Compare(left(s), right(s)) > 0,
    };

    /// <summary>Texts are joined by plus, numbers added and subtracted.</summary>
    public static Term Sum(Term left, Term right, bool plus) => s => plus && left(s).Str() is { } word
        ? JsonValue.Create(word + CelScope.AsText(right(s)))
        : JsonValue.Create(CelScope.AsNumber(left(s)) + ((plus ? 1 : -1) * CelScope.AsNumber(right(s))));

    public static Term Member(Term holder, string name) => s => CelScope.Member(holder(s), name);

    /// <summary>A method with one argument.</summary>
    public static Term Method(Term target, string name, Term argument)
    {
        return name switch
        {
            "startsWith" => s => CelScope.AsText(target(s)).StartsWith(CelScope.AsText(argument(s)), StringComparison.Ordinal),
            "endsWith" => s => CelScope.AsText(target(s)).EndsWith(CelScope.AsText(argument(s)), StringComparison.Ordinal),
            "contains" => s => CelScope.AsText(target(s)).Contains(CelScope.AsText(argument(s)), StringComparison.Ordinal),
            "matches" => s => Regex.IsMatch(CelScope.AsText(target(s)), CelScope.AsText(argument(s)), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant),
            _ => throw new FormatException($"undeclared reference to '{name}': supported are size, startsWith, endsWith, contains, matches, exists, all"),
        };
    }
}
