using System.Collections.Frozen;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Binary operators: binding, kinds, and what they compute.</summary>
internal static class Operators
{
    /// <summary>Binding of a unary minus: as tight as multiplication, so that <c>-2^2</c> is -4.</summary>
    public const int UnaryPrecedence = 5;

    private static readonly FrozenDictionary<string, int> Precedences = new Dictionary<string, int>
    {
        ["or"] = 1,
        ["and"] = 2,
        ["unless"] = 2,
        ["=="] = 3,
        ["!="] = 3,
        ["<"] = 3,
        ["<="] = 3,
        [">"] = 3,
        [">="] = 3,
        ["+"] = 4,
        ["-"] = 4,
        ["*"] = 5,
        ["/"] = 5,
        ["%"] = 5,
        ["atan2"] = 5,
        ["^"] = 6,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The operator's binding, tighter is more; 0 where the text is no binary operator.</summary>
    public static int Precedence(string op) => Precedences.GetValueOrDefault(op);

    public static bool IsRightAssociative(string op) => op == "^";

    public static bool IsSet(string op) => op is "and" or "or" or "unless";

    public static bool IsComparison(string op) => Precedence(op) == 3;

    /// <summary>The arithmetic result; for a comparison 1 or 0.</summary>
    public static double Apply(string op, double left, double right) => op switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "%" => left % right,
        "^" => Math.Pow(left, right),
        "atan2" => Math.Atan2(left, right),
        _ => Holds(op, left, right) ? 1 : 0,
    };

    /// <summary>Whether the comparison is true. NaN is equal to nothing, itself included.</summary>
    public static bool Holds(string op, double left, double right) => op switch
    {
        "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "is not a comparison."),
    };
}
