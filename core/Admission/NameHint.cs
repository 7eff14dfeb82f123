namespace CanaryFunctions.Core.Admission;

/// <summary>"Did you mean": the allowed name that is at most two typing errors away.</summary>
internal static class NameHint
{
    private const int MaxErrors = 2;
    private const int MaxFamily = 3;

    // Longer than any name we know; a longer value is no typing error and would only cost time.
    private const int MaxLength = 64;

    /// <summary>The end of a message about a name that is not allowed, as in <c>is not a known provider; did you mean 'skipper'? Use one of: skipper.</c></summary>
    public static string Unknown(string what, string value, IEnumerable<string> allowed)
    {
        string[] names = [.. allowed];
        if (names.Length == 0)
        {
            return $"is not {what}; this install has none.";
        }

        return Closest(value, names) is { } closest
            ? $"is not {what}; did you mean '{closest}'? U{OneOf(value, names)[1..]}"
            : $"is not {what}; {OneOf(value, names)}";
    }

    /// <summary>As in <c>use one of: gloo, skipper.</c></summary>
    public static string OneOf(string value, IEnumerable<string> allowed) => $"use one of: {string.Join(", ", Listed(value, [.. allowed]))}.";

    /// <summary>The name that differs by the fewest errors (insert, leave out, change, swap neighbours, case); null when none is near.</summary>
    public static string? Closest(string value, IEnumerable<string> allowed)
    {
        // In a short word two errors change half of it.
        var limit = value.Length < 4 ? 1 : MaxErrors;
        return value.Length is 0 or > MaxLength
            ? null
            : allowed.Select(name => (Name: name, Errors: Errors(value, name)))
                .Where(n => n.Errors <= limit)
                .OrderBy(n => n.Errors).ThenBy(n => n.Name, StringComparer.Ordinal)
                .Select(n => n.Name).FirstOrDefault();
    }

    // Names of one family, such as smi:v1alpha2:istio, are listed when the value is one of them, or when they are few.
    private static IEnumerable<string> Listed(string value, string[] names)
        => names.GroupBy(Family).SelectMany(family => family.Count() <= MaxFamily || family.Key == Family(value) ? family : (IEnumerable<string>)[$"{family.Key}[:...]"]);

    private static string Family(string name) => name.Split(':')[0];

    private static int Errors(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MaxErrors)
        {
            return int.MaxValue;
        }

        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Cheapest(a, b, i, j, cost);
            }
        }

        return cost[a.Length, b.Length];
    }

    private static int Cheapest(string a, string b, int i, int j, int[,] cost)
    {
        var change = cost[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
        var best = Math.Min(change, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
        return i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]) ? Math.Min(best, cost[i - 2, j - 2] + 1) : best;
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
