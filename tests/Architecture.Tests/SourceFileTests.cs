using System.Text.RegularExpressions;

namespace CanaryFunctions.Architecture.Tests;

public sealed partial class SourceFileTests
{
    private const int Long = 250;
    private const int TooLong = 400;

    // Each holds one thing that would only be harder to follow in two places.
    private static readonly string[] KnownLong =
    [
        "simulator/Api/Cel/CelParser.cs",
        "simulator/Api/Collection/GarbageCollector.cs",
        "tests/Platform.Tests/Kubernetes/KubernetesClientWriteTests.cs",
        "tests/Simulator.Tests/Api/CustomResourceTests.cs",
        "tests/TestKit/FakeCluster.cs",
    ];

    [Fact]
    public void Files_StayReadable()
    {
        Sizes().Where(f => f.Lines > TooLong).ShouldBeEmpty();
        Sizes().Where(f => f.Lines > Long).Select(f => f.File).Except(KnownLong).ShouldBeEmpty($"split it; a file of more than {Long} lines needs a reason");
    }

    [Fact]
    public void ListOfLongFiles_NamesNoOthers()
        => KnownLong.Except(Sizes().Where(f => f.Lines > Long).Select(f => f.File)).ShouldBeEmpty();

    [Fact]
    public void Namespace_FollowsTheFolder()
        => Repository.Sources
            .Select(f => (File: f, Is: NamespaceLine().Match(Repository.Read(f)).Groups[1].Value, Should: NamespaceOf(f)))
            .Where(f => f.Is.Length > 0 && f.Is != f.Should)
            .ShouldBeEmpty();

    [Fact]
    public void OnlyProgramsAndAssemblyAttributes_HaveNoNamespace()
        => Repository.Sources
            .Where(f => !NamespaceLine().IsMatch(Repository.Read(f)))
            .Where(f => Path.GetFileName(f) is not ("Program.cs" or "AssemblyInfo.cs"))
            .ShouldBeEmpty();

    [Fact]
    public void Sources_LeaveNothingForLater()
        => Lines().Where(l => Unfinished().IsMatch(l.Text)).ShouldBeEmpty();

    [Fact]
    public void Sources_HideNothingInRegions()
        => Lines().Where(l => l.Text.TrimStart().StartsWith("#region", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void SilencedWarnings_AreNamedOneByOne_WithAReason()
        => Lines().Where(l => l.Text.TrimStart().StartsWith("#pragma warning disable", StringComparison.Ordinal))
            .Where(l => !WarningId().IsMatch(l.Text) || !(l.Before.Contains("//", StringComparison.Ordinal) || l.Text.Contains("//", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    private static IReadOnlyList<(string File, int Lines)> Sizes() => [.. Repository.Sources.Select(f => (f, Repository.Lines(f).Length))];

    private static IEnumerable<(string File, int Number, string Text, string Before)> Lines() => Repository.Sources.SelectMany(file =>
    {
        var lines = Repository.Lines(file);
        return lines.Select((text, i) => (file, i + 1, text, i == 0 ? "" : lines[i - 1]));
    });

    // core/Engine/Planning/Gates.cs: CanaryFunctions.Core.Engine.Planning. A project's file name says how its folder is written.
    private static string NamespaceOf(string file)
    {
        var project = Repository.Projects.Where(p => file.StartsWith(Repository.FolderOf(p) + "/", StringComparison.Ordinal)).MaxBy(p => p.Length)!;
        var below = Repository.FolderOf(file)[Repository.FolderOf(project).Length..];
        return Path.GetFileNameWithoutExtension(project) + below.Replace('/', '.');
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    // Written so that this file does not match itself.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|XX[X])\b|NotImplemented[E]xception")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"disable [A-Z]+\d+")]
    private static partial Regex WarningId();
}
