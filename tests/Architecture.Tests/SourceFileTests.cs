using System.Text.RegularExpressions;

namespace CanaryFunctions.Architecture.Tests;

public sealed partial class SourceFileTests
{
    private const int LongestProduct = 250;
    private const int LongestTest = 400;

    [Fact]
    public void Files_StayReadable()
        => Repository.Sources.Select(f => (File: f, Lines: Repository.Lines(f).Length))
            .Where(f => f.Lines > (f.File.StartsWith("tests/", StringComparison.Ordinal) ? LongestTest : LongestProduct))
            .ShouldBeEmpty("split it by what it is about");

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
