using System.Text.RegularExpressions;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>What documents say of the code: the table of providers in the README, and the files that recipes name.</summary>
public sealed partial class DocumentTests
{
    private const string Readme = "README.md";
    private const string Begin = "<!-- providers: made by UPDATE_GOLDEN=1 dotnet test tests/Architecture.Tests -->";
    private const string End = "<!-- providers: end -->";

    public static TheoryData<string> Recipes => [.. Repository.Files.Where(f => f.StartsWith("docs/add-a-", StringComparison.Ordinal))];

    [Fact]
    public void ProviderTable_OfTheReadme_IsWhatTheCodeDeclares()
    {
        var readme = Repository.Read(Readme).ReplaceLineEndings("\n");
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        begin.ShouldBeGreaterThan(0, $"{Readme} has no line {Begin}");
        end.ShouldBeGreaterThan(begin, $"{Readme} has no line {End}");
        var table = $"{Begin}\n\n{ProviderTable.Markdown()}\n\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Repository.Write(Readme, $"{readme[..begin]}{table}{readme[end..]}");
            return;
        }

        readme[begin..end].ShouldBe(table, "run UPDATE_GOLDEN=1 dotnet test tests/Architecture.Tests and look at the difference");
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipe_NamesFilesThatAreThere(string recipe)
    {
        var named = InlineCode().Matches(Repository.Read(recipe)).Select(m => m.Groups[1].Value).Where(IsFile).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(5);
        named.Where(path => !Repository.Files.Any(Pattern(path).IsMatch)).ShouldBeEmpty($"{recipe} names what is not there");
    }

    [Fact]
    public void Recipes_AreThere() => Recipes.Count.ShouldBeGreaterThanOrEqualTo(3);

    // A path from the root of the repository, or the bare name of a file.
    private static bool IsFile(string code)
        => Repository.Files.Any(f => f.Contains('/') && code.StartsWith(f[..(f.IndexOf('/') + 1)], StringComparison.Ordinal)) || BareName().IsMatch(code);

    // What a step makes up, such as {name}, stands for one that is there; a folder for what is in it.
    private static Regex Pattern(string path)
    {
        var names = Regex.Replace(Regex.Escape(path.TrimEnd('/')), @"\\\{\w+}", "[^/]+");
        return new($"^{(path.Contains('/') ? "" : "(.*/)?")}{names}(/|$)");
    }

    [GeneratedRegex(@"`([^`\s]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^[\w{}.]+\.(cs|csproj|md|yaml)$")]
    private static partial Regex BareName();
}
