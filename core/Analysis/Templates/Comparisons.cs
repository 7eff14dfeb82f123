namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary><c>eq ne lt le gt ge</c>. Only values of one type compare, as in Go: an int is not a float.</summary>
internal static class Comparisons
{
    /// <summary>Whether the first equals any of the others.</summary>
    public static bool EqualsAny(IReadOnlyList<object?> arguments)
        => arguments.Count < 2 ? throw new FunctionException("missing argument for comparison") : arguments.Skip(1).Any(a => AreEqual(arguments[0], a));

    public static bool AreEqual(object? left, object? right)
    {
        foreach (var side in (object?[])[left, right])
        {
            if (side is IReadOnlyDictionary<string, string>)
            {
                throw new FunctionException($"non-comparable type {GoValues.Print(side)}: {GoValues.TypeName(side)}");
            }
        }

        return left is null || right is null ? left is null && right is null
            : left.GetType() == right.GetType() ? left.Equals(right)
            : throw Incompatible();
    }

    /// <summary>Negative, zero or positive as the left one is less, equal or greater; null when a number is not a number.</summary>
    public static int? Order(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (long or double or string, long or double or string) => throw Incompatible(),
        _ => throw new FunctionException("invalid type for comparison"),
    };

    private static FunctionException Incompatible() => new("incompatible types for comparison");
}
