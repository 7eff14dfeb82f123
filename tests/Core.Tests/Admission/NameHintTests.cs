namespace CanaryFunctions.Core.Tests.Admission;

public sealed class NameHintTests
{
    [Theory]
    [InlineData("Skipper", "skipper")]
    [InlineData("skiper", "skipper")]
    [InlineData("skippre", "skipper")]
    [InlineData("sskippper", "skipper")]
    [InlineData("kiper", "skipper")]
    [InlineData("kipe", null)]
    [InlineData("mehs", "mesh")]
    [InlineData("me", null)]
    [InlineData("", null)]
    public void Hint_TypingErrors_AreForgivenUpToTwo(string provider, string? meant)
    {
        var problem = Validators.Canary().Validate(Manifests.Canary().With("spec.provider", $"\"{provider}\"")).First(p => p.Path == "spec.provider").Problem;

        problem.Contains("did you mean", StringComparison.Ordinal).ShouldBe(meant is not null, problem);
        problem.Contains($"did you mean '{meant}'?", StringComparison.Ordinal).ShouldBe(meant is not null, problem);
    }
}
