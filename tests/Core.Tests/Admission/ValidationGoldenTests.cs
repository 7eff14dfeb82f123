using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>Manifests with something wrong, and the whole answer that each gets. <c>UPDATE_GOLDEN=1</c> rewrites the answers, and the page that is made of them.</summary>
public sealed class ValidationGoldenTests
{
    public static TheoryData<string> Cases { get; } = [.. ValidationCase.All];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_Manifest_GetsExactlyThisAnswer(string name)
    {
        var @case = ValidationCase.Load(name);

        @case.AssertMatches(@case.Answer());
    }

    [Fact]
    public void Cases_AreMany() => Cases.Count.ShouldBeGreaterThanOrEqualTo(60);

    [Fact]
    public void Page_ShowsTheCasesAsTheyAre()
    {
        var page = File.ReadAllText(ValidationPage.Path);
        var rendered = ValidationPage.Rendered(page);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(ValidationPage.Path, rendered);
            return;
        }

        LineDiff.Of(page, rendered).ShouldBe("", "docs/validation.md differs from its cases; write it anew with UPDATE_GOLDEN=1");
    }
}
