using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>One set of functions, outside of the clusters that it serves.</summary>
[Collection(nameof(Unmeasured))]
public sealed class FleetTests
{
    [Fact]
    public async Task TwoClusters_ReleaseSideBySide_AndEachAlertNamesItsCluster()
    {
        await using var fleet = await FleetStage.OpenAsync(member => [("CLUSTER_PROXY", member.ProxyUri.ToString())], "east", "west");
        var (east, west) = (fleet["east"], fleet["west"]);
        await Task.WhenAll(InitializeAsync(east, Analysis.Short), InitializeAsync(west, WithFailingHook));

        var releases = await Task.WhenAll(east.ReleaseAsync("4.0.6", CanaryPhase.Succeeded), west.ReleaseAsync("4.0.7", CanaryPhase.Failed));
        await east.UntilAsync(() => fleet.Chat.Count >= 6, "three alerts of each cluster");

        releases[0][^1].ShouldBe("Promotion completed! Scaling down podinfo.test");
        releases[1].ShouldContain("Rolling back podinfo.test failed checks threshold reached 2");
        (east.ImageOf("podinfo-primary"), west.ImageOf("podinfo-primary")).ShouldBe(("stefanprodan/podinfo:4.0.6", "stefanprodan/podinfo:4.0.5"));
        east.Chat.Select(m => m.Text).ShouldBe(
            ["New Deployment detected, initialization completed.", "New revision detected, progressing canary analysis.", "Canary analysis completed successfully, promotion finished."]);
        west.Chat.Select(m => m.Text).ShouldBe(
            ["New Deployment detected, initialization completed.", "New revision detected, progressing canary analysis.", "Failed checks threshold reached 2"]);
        fleet.Chat.Count.ShouldBe(6, "and there is no alert without a cluster");
        west.Log.ShouldContain(line => line.Contains("\"canary\":\"podinfo.test\"", StringComparison.Ordinal));
        fleet.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task HooksAndMetrics_WithoutAnyProxy_GoThroughTheApiServer()
    {
        await using var fleet = await FleetStage.OpenAsync(_ => [], "east");
        var east = fleet["east"];
        await east.AllowServiceProxyAsync();
        await InitializeAsync(east, analysis => analysis["stepWeight"] = 25);

        var release = await east.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);

        release.ShouldContain("Confirm-rollout check gate passed");
        release.ShouldContain("Pre-rollout check acceptance-test passed");
        release[^1].ShouldBe("Promotion completed! Scaling down podinfo.test");
        east.Status.FailedChecks.ShouldBe(0);
        east.Proxied.ShouldContain(path => path.StartsWith("/api/v1/namespaces/test/services/flagger-loadtester:80/proxy/", StringComparison.Ordinal));
        east.Proxied.ShouldContain("/api/v1/namespaces/flagger-system/services/prometheus:9090/proxy/api/v1/query");
        fleet.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task HookThatFailsBehindTheApiServer_IsAFailedCheck()
    {
        await using var fleet = await FleetStage.OpenAsync(_ => [], "east");
        var east = fleet["east"];
        await east.AllowServiceProxyAsync();
        await InitializeAsync(east, WithFailingHook);

        (await east.ReleaseAsync("4.0.6", CanaryPhase.Failed)).ShouldContain("Rolling back podinfo.test failed checks threshold reached 2");
    }

    [Fact]
    public async Task HooksThatCannotBeReached_HoldTheRelease_UntilTheyCan()
    {
        await using var fleet = await FleetStage.OpenAsync(_ => [], "east");
        var east = fleet["east"];
        await InitializeAsync(east, Analysis.Short);
        await east.SetImageAsync("4.0.6");
        await east.UntilAsync(() => east.Status.Condition(Condition.HooksAvailable) is not null, "a condition tells of the hooks");

        var condition = east.Status.Condition(Condition.HooksAvailable)!;
        (condition.Status, condition.Reason).ShouldBe((Condition.False, Reasons.ServiceUnreachable));
        condition.Message.ShouldStartWith("Halt podinfo.test advancement confirm-rollout hook gate cannot be reached: POST http://flagger-loadtester.test/gate/approve: services \"flagger-loadtester:80\" is forbidden");
        (east.Status.Phase, east.Status.FailedChecks).ShouldBe((CanaryPhase.Initialized, 0));

        await east.AllowServiceProxyAsync();
        await east.UntilAsync(() => east.Status.Phase == CanaryPhase.Succeeded, "the release goes on");
        east.Status.Condition(Condition.HooksAvailable).ShouldBeNull();
    }

    private static async Task InitializeAsync(Scene scene, Action<JsonObject> edit)
    {
        await scene.ApplyAsync([.. scene.Objects(edit)]);
        await scene.RestsAsync(CanaryPhase.Initialized);
    }

    private static void WithFailingHook(JsonObject analysis)
    {
        Analysis.Short(analysis);
        analysis["threshold"] = 2;
        Analysis.Hook(analysis, "rollout", "http://podinfo-canary.test/status/500");
    }
}
