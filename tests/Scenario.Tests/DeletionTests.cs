using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

public sealed class DeletionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeletedCanary_LeavesTheApplicationAsItWas_ServingThroughout(bool isDuringAnalysis)
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        await using var traffic = Traffic.Start(stage.Gateway);
        await stage.UntilAsync(() => stage.Status.Phase == CanaryPhase.Initialized, "it serves");
        if (isDuringAnalysis)
        {
            await stage.SetImageAsync("4.0.6");
            await stage.WeightAsync(25);
        }

        await stage.DeleteCanaryAsync();
        await stage.UntilAsync(() => stage.Feed.Canary(Stage.App) is null, "the Canary goes");
        await stage.UntilAsync(() => stage.Feed.Names(Kinds.Deployment).Count == 2 && stage.Feed.Names(Kinds.Service).Count == 2, "what was generated goes");
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("status", "readyReplicas") == 2, "the application has its pods");

        stage.Feed.Names(Kinds.Ingress).ShouldBe(["podinfo"]);
        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo"]);
        var apex = stage.Feed.Find(Kinds.Service, "podinfo")!;
        apex.Map("spec", "selector").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo" });
        apex.ListAt("metadata", "ownerReferences").ShouldBeEmpty("users' routes lead to it");
        var version = isDuringAnalysis ? "4.0.6" : "4.0.5";
        (await Traffic.SampleAsync(stage.Gateway, "version", 50)).ShouldAllBe(body => body.Contains(version));
        stage.Story(0).TakeLast(2).ShouldBe(["Terminating canary podinfo.test", "Terminated canary podinfo.test"]);
        traffic.Failures.ShouldBeEmpty();
        traffic.Sent.ShouldBeGreaterThan(0);
    }
}
