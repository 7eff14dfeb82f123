using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>One grep of standard input, as far as the guides' tasks use it: plain words, where a dot matches any character.</summary>
internal sealed class GrepFilter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(@"*[]^$\");

    private readonly Regex _pattern;
    private readonly bool _invert;
    private readonly bool _quiet;

    private GrepFilter(Regex pattern, bool invert, bool quiet) => (_pattern, _invert, _quiet) = (pattern, invert, quiet);

    /// <summary>The words after <c>grep</c>; null when they ask for more than is understood here.</summary>
    public static GrepFilter? Parse(IReadOnlyList<string> words)
    {
        var flags = words.TakeWhile(w => w.Length > 1 && w[0] == '-').SelectMany(w => w[1..]).ToHashSet();
        var rest = words.SkipWhile(w => w.Length > 1 && w[0] == '-').ToList();
        if (rest is not [var pattern] || flags.Any(f => f is not ('q' or 'i' or 'v' or 'F')))
        {
            return null;
        }

        if (!flags.Contains('F') && pattern.AsSpan().IndexOfAny(Special) >= 0)
        {
            return null;
        }

        var escaped = Regex.Escape(pattern);
        var options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | (flags.Contains('i') ? RegexOptions.IgnoreCase : RegexOptions.None);
        return new(new(flags.Contains('F') ? escaped : escaped.Replace(@"\.", ".", StringComparison.Ordinal), options), flags.Contains('v'), flags.Contains('q'));
    }

    /// <summary>The lines that match, and exit code 0 when there was one, else 1.</summary>
    public (int ExitCode, string Output) Apply(string input)
    {
        var lines = input.Length == 0 ? [] : (input.EndsWith('\n') ? input[..^1] : input).Split('\n');
        var output = new StringBuilder();
        var found = false;
        foreach (var line in lines.Where(line => _pattern.IsMatch(line) != _invert))
        {
            found = true;
            output.Append(line).Append('\n');
        }

        return (found ? 0 : 1, _quiet ? "" : output.ToString());
    }
}
