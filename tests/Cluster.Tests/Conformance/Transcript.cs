using System.Globalization;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>
/// What was asked and answered, as text that is the same on every server: names of the run, uids, times and versions are replaced by
/// their order of appearance.
/// </summary>
internal sealed partial class Transcript(string ns)
{
    private readonly List<string> _lines = [];

    internal void Add(string line) => _lines.Add(line);

    public override string ToString()
    {
        var text = string.Join('\n', _lines).Replace(ns, "NS", StringComparison.Ordinal);
        text = Numbered(text, Uids(), "uid");
        text = Numbered(text, Versions(), "version");
        return Times().Replace(text, "TIME");
    }

    /// <summary>A resourceVersion, marked so that it is told from other numbers.</summary>
    internal static string Version(string? version) => version is null ? "-" : $"<version {version}>";

    private static string Numbered(string text, Regex what, string name)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        return what.Replace(text, match =>
        {
            if (!seen.TryGetValue(match.Value, out var number))
            {
                seen[match.Value] = number = string.Create(CultureInfo.InvariantCulture, $"{name}{seen.Count + 1}");
            }

            return number;
        });
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uids();

    [GeneratedRegex("<version [0-9]+>")]
    private static partial Regex Versions();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Times();
}
