namespace CanaryFunctions.TestKit;

/// <summary>A small line diff: the longest common lines stay, the rest is marked; far-off common lines are left out.</summary>
public static class LineDiff
{
    private const int Context = 3;

    public static string Of(string expected, string actual)
    {
        var lines = Compare(expected.Split('\n'), actual.Split('\n'));
        var shown = lines.Select((_, i) => lines.Skip(i - Context).Take(i < Context ? i + Context + 1 : (2 * Context) + 1).Any(l => l[0] != ' ')).ToList();
        return string.Join('\n', lines.Where((_, i) => shown[i]));
    }

    private static List<string> Compare(string[] left, string[] right)
    {
        var common = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<string>();
        var (l, r) = (0, 0);
        while (l < left.Length || r < right.Length)
        {
            if (l < left.Length && r < right.Length && left[l] == right[r])
            {
                lines.Add("  " + left[l]);
                (l, r) = (l + 1, r + 1);
            }
            else if (r == right.Length || (l < left.Length && common[l + 1, r] >= common[l, r + 1]))
            {
                lines.Add("- " + left[l++]);
            }
            else
            {
                lines.Add("+ " + right[r++]);
            }
        }

        return lines;
    }
}
