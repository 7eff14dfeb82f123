using System.Text.RegularExpressions;

namespace CanaryFunctions.Infra.Tests.Docs;

/// <summary>Every block of commands in the documents of deployment says which test runs it, or what it needs.</summary>
public sealed class CommandMarkerTests
{
    private static readonly string[] All = ["docs/deploy-azure.md", "docs/deploy-kubernetes.md"];
    private static readonly string[] Needs = ["needs Azure", "needs a cluster", "needs Docker", "needs func", "needs zip"];
    private static readonly Lazy<IReadOnlyList<string>> Tests = new(() => [.. Checkout.Below("tests", "*Tests.cs").Select(Checkout.Read)]);

    public static TheoryData<string> Documents => [.. All];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Block_SaysWhereItRuns(string document)
    {
        var blocks = CommandBlock.Of(document);

        blocks.Count.ShouldBeGreaterThan(5);
        blocks.Where(b => b.Test is null && !Needs.Any(n => b.Reason?.StartsWith(n, StringComparison.Ordinal) == true)).Select(b => $"{document}:{b.Line}").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void NamedTest_IsThere(string document)
        => CommandBlock.Of(document).Select(b => b.Test).OfType<string>().Where(t => !IsThere(t)).ShouldBeEmpty("no such test");

    [Theory]
    [InlineData("UninstallTests.No_SuchTest", false)]
    [InlineData("CommandMarkerTests.NamedTest_IsThere", true)]
    [InlineData("Docs.CommandMarkerTests", true)]
    [InlineData("NoSuchTests", false)]
    public void Test_IsFoundByItsName(string test, bool isThere) => IsThere(test).ShouldBe(isThere);

    [Fact]
    public void TestsOfThisProject_RunTheBlocksThatNameThem()
    {
        var blocks = All.SelectMany(CommandBlock.Of).Select(b => b.Test).OfType<string>().Where(t => t.StartsWith("Docs.", StringComparison.Ordinal));

        foreach (var test in blocks.Distinct())
        {
            var file = Checkout.Read($"tests/Infra.Tests/{test.Split('.')[0]}/{test.Split('.')[1]}.cs");
            file.ShouldContain($"nameof({test.Split('.')[2]})", Case.Sensitive, $"{test} does not play its block");
        }
    }

    // Class, Class.Method or Folder.Class.Method.
    private static bool IsThere(string test)
    {
        var parts = test.Split('.');
        var at = Array.FindIndex(parts, p => p.EndsWith("Tests", StringComparison.Ordinal));
        return at >= 0 && Tests.Value.Any(t => Regex.IsMatch(t, $@"\bclass {parts[at]}\b") && (parts.Length == at + 1 || Regex.IsMatch(t, $@"\b{parts[at + 1]}\(")));
    }
}
