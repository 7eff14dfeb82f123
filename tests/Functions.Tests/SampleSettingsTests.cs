using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Functions.Tests;

/// <summary><c>local.settings.sample.json</c> and the table that comments on it.</summary>
public sealed partial class SampleSettingsTests
{
    private static readonly string Documentation = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configuration.md"));

    private static readonly List<string> Sample =
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "local.settings.sample.json"))).Map("Values").Select(v => v.Key)];

    [Fact]
    public void Sample_HasEverySettingOfTheFunctions()
    {
        var variables = Row().Matches(Section("## Both programs")).Select(m => m.Groups[1].Value).ToList();

        variables.ShouldContain("MESH_PROVIDER");
        variables.Except(Sample).ShouldBeEmpty();
    }

    [Fact]
    public void Setting_IsCommentedOn()
        => Sample.Where(name => !Documentation.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();

    private static string Section(string title)
    {
        var begin = Documentation.IndexOf($"{title}\n", StringComparison.Ordinal);
        begin.ShouldBeGreaterThanOrEqualTo(0);
        var end = Documentation.IndexOf("\n## ", begin + title.Length, StringComparison.Ordinal);
        return Documentation[begin..(end < 0 ? Documentation.Length : end)];
    }

    // | `mesh-provider` | `MESH_PROVIDER` | ...
    [GeneratedRegex(@"^\| `[a-z-]+` \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
