using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>Somebody deletes the primary during a release. From the next look on no request may fail.</summary>
[Collection(nameof(Unmeasured))]
public sealed class PrimaryDeletedTests
{
    private const string Primary = "podinfo-primary";

    [Theory]
    [InlineData("4.0.6", "Promotion completed! Scaling down podinfo.test")]
    [InlineData("4.0.5", "podinfo.test is back at the promoted revision, ending the analysis")]
    public async Task Release_EndsOnANewPrimary_WithoutAFailedRequest(string endsAt, string ending)
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = 20 });
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(25);
        await stage.Client.DeleteAsync(new(Kinds.Deployment, Stage.Namespace, Primary), new(), CancellationToken.None);
        await stage.UntilAsync(() => SkipperGuideTests.Definition.ShareOf(stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!) == 100, "the canary has all users");
        await stage.WeightAsync(50);

        var users = Traffic.Start(stage.Gateway);
        if (endsAt != "4.0.6")
        {
            await stage.SetImageAsync(endsAt);
        }

        await stage.RestsAsync(CanaryPhase.Succeeded);
        await users.DisposeAsync();

        users.Sent.ShouldBeGreaterThan(20);
        users.Failures.Distinct().ShouldBeEmpty();
        stage.Story(before)[^1].ShouldBe(ending);
        stage.ImageOf(Primary).ShouldEndWith($":{endsAt}");
        SkipperGuideTests.Definition.ShareOf(stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!).ShouldBe(0);
    }
}
