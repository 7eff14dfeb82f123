using System.Text.RegularExpressions;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>Inside the core nothing reaches back into the engine.</summary>
public sealed partial class CoreLayerTests
{
    private static readonly string[] BelowTheEngine = ["Analysis", "Canaries", "Conversion", "Notifying", "Objects", "Ports", "Routing"];

    // Detection has to compare templates as the engine does; delivering speaks of runs as the engine named them.
    private static readonly Dictionary<string, string[]> Lent = new(StringComparer.Ordinal)
    {
        ["Admission"] = ["Engine.TemplateHash"],
        ["Delivering"] = ["Engine.Applying", "Engine.Checks"],
        ["Sweeping"] = [],
    };

    [Fact]
    public void EveryFolderOfTheCore_HasAPlaceAboveOrBelowTheEngine()
        => CoreFolders().Except([.. BelowTheEngine, .. Lent.Keys, "Engine"]).ShouldBeEmpty();

    [Fact]
    public void WhatIsBelowTheEngine_DoesNotKnowIt()
        => Uses(BelowTheEngine).ShouldBeEmpty();

    [Theory]
    [InlineData("Admission")]
    [InlineData("Delivering")]
    [InlineData("Sweeping")]
    public void WhatIsBesideTheEngine_BorrowsOnlyWhatIsLent(string folder)
        => Uses([folder]).Select(u => u.Used).Distinct().Except(Lent[folder]).ShouldBeEmpty();

    [Fact]
    public void Objects_KnowNothingElseOfTheCore()
        => Repository.Sources.Where(f => f.StartsWith("core/Objects/", StringComparison.Ordinal))
            .SelectMany(f => CoreUsing().Matches(Repository.Read(f)).Select(m => $"{f}: {m.Value}"))
            .ShouldBeEmpty();

    private static IEnumerable<string> CoreFolders() => Repository.Sources
        .Where(f => f.StartsWith("core/", StringComparison.Ordinal) && f.Count(c => c == '/') > 1)
        .Select(f => f.Split('/')[1]).Distinct();

    private static IReadOnlyList<(string File, string Used)> Uses(string[] folders)
    {
        var files = Repository.Sources.Where(f => folders.Any(folder => f.StartsWith($"core/{folder}/", StringComparison.Ordinal))).ToList();
        files.Count.ShouldBeGreaterThanOrEqualTo(folders.Length);
        return [.. files.SelectMany(f => EngineUse().Matches(Repository.Read(f)).Select(m => (f, m.Groups[1].Value)))];
    }

    // `using CanaryFunctions.Core.Engine.Checks;`, `Engine.TemplateHash.Of`; not the word in a sentence.
    [GeneratedRegex(@"(?<![\w])(Engine\.[A-Z]\w*|Engine(?=;))")]
    private static partial Regex EngineUse();

    [GeneratedRegex(@"using CanaryFunctions\.Core\.\w+")]
    private static partial Regex CoreUsing();
}
