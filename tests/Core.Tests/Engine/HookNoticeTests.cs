using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using static CanaryFunctions.Core.Tests.Engine.HookTests;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Hooks that are only told (contracts/hooks-alerts.md 1.5, 1.6): post-rollout and event hooks. They hold up nothing.</summary>
public sealed class HookNoticeTests
{
    [Theory]
    [InlineData(true, "Succeeded")]
    [InlineData(false, "Failed")]
    public async Task PostRollout_EachHookIsCalledOnItsOwn_WithThePhaseTheReleaseEndedIn(bool isGood, string phase)
    {
        var world = await WithHooks(Hook("report", "post-rollout"), Hook("cleanup", "post-rollout")).InitializedAsync();
        world.Answer("report", new(404, "no such report"));
        world.Metrics.Answer = _ => new MetricSample.Value(isGood ? 100 : 1);
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ToString().ShouldBe(phase);
        world.Events.ShouldContain("Post-rollout hook report failed no such report");
        world.Events.ShouldContain("Post-rollout check cleanup passed");
        foreach (var path in new[] { "/report", "/cleanup" })
        {
            World.Parse(world.HookCalls(path).ShouldHaveSingleItem().Body!).Text("phase").ShouldBe(phase);
        }
    }

    [Fact]
    public async Task EventHook_IsToldEveryEvent_WithFactsThatMetadataCannotOverride()
    {
        var world = new World(
            spec => spec["analysis"]!["webhooks"] = new JsonArray(Hook("audit", "event", ("metadata", new JsonObject { ["team"] = "blue", ["eventType"] = "mine" }))),
            options => (options.ClusterName, options.EventWebhook) = ("prod", "http://hooks/install"));
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        var told = world.HookCalls("/audit").Select(c => World.Parse(c.Body!)).ToList();
        told.Select(b => b.Text("metadata", "eventMessage")).Order().ShouldBe(world.Events.Order());
        told.Select(b => (b.Text("metadata", "team"), b.Text("metadata", "cluster"))).Distinct().ShouldBe([("blue", "prod")]);
        told.Select(b => b.Text("metadata", "eventType")).Distinct().Order().ShouldBe(["Normal", "Warning"]);
        told.Single(b => b.Text("metadata", "eventMessage") == "Initialization done! podinfo.test").Text("phase").ShouldBe("Initialized");
        told.Single(b => b.Text("metadata", "eventMessage")!.StartsWith("New revision", StringComparison.Ordinal)).Text("phase").ShouldBe("Progressing");
        told.Single(b => b.Text("metadata", "eventMessage")!.StartsWith("Promotion completed", StringComparison.Ordinal)).Text("phase").ShouldBe("Succeeded");
        long.Parse(told[0].Text("metadata", "timestamp")!).ShouldBeInRange(
            DateTimeOffset.Parse("2026-11-21T09:59:59Z").ToUnixTimeMilliseconds(), world.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        world.HookCalls("/install").ShouldBeEmpty("hooks of its own replace the install's");
    }

    [Fact]
    public async Task EventHook_IsToldAllThatOneStepSays_ByAQueueThatDiesWithTheProcess()
    {
        var checks = Enumerable.Range(0, 19).Select(i => Hook($"check-{i}", "pre-rollout"));
        var world = WithHooks([Hook("audit", "event"), .. checks]);
        world.Queue.OutlivesProcess = false;
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        var told = world.HookCalls("/audit").Select(c => World.Parse(c.Body!).Text("metadata", "eventMessage")).ToHashSet();
        world.Events.Where(e => !told.Contains(e)).ShouldBeEmpty();
        world.Status.Outbox.ShouldBeEmpty();
    }

    [Fact]
    public async Task EventHook_ThatWasAwayForLong_IsToldAllThatOneStepSaysBesides()
    {
        var checks = Enumerable.Range(0, 19).Select(i => Hook($"check-{i}", "pre-rollout"));
        var world = WithHooks([Hook("audit", "event"), .. checks]);
        world.Queue.OutlivesProcess = false;
        world.Answer("audit", new(500, ""));
        world.Hint();
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Initialized);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 10);
        var waiting = world.Status.Outbox.Select(e => e.Message).ToList();
        (waiting.IndexOf("Starting canary analysis for podinfo.test"), waiting.Count).ShouldBe((5, 26), "older ones wait, and one step adds more than may wait");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Approve("audit");
        await world.RunAsync();

        var told = world.HookCalls("/audit").Select(c => World.Parse(c.Body!).Text("metadata", "eventMessage")).ToHashSet();
        world.Events.Where(e => !told.Contains(e)).ShouldBeEmpty();
        world.Status.Outbox.ShouldBeEmpty();
    }

    [Fact]
    public async Task EventHookOfTheInstall_IsToldWhereTheCanaryHasNone()
    {
        var world = await new World(options: o => o.EventWebhook = "http://hooks/install").InitializedAsync();

        var told = world.HookCalls("/install").Select(c => World.Parse(c.Body!)).ToList();
        told.Select(b => b.Text("metadata", "eventMessage")).Order().ShouldBe(world.Events.Order());
        told.Select(b => b.Text("metadata", "cluster")).Distinct().ShouldBe([null]);
    }

    [Fact]
    public async Task EventHookThatFails_IsTriedAgainALittleLater_AndHoldsUpNothing()
    {
        var world = WithHooks(Hook("audit", "event"));
        world.Answer("audit", new(500, ""));
        world.Hint();
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Initialized);

        world.Clock.GetUtcNow().ShouldBeLessThan(DateTimeOffset.Parse("2026-11-21T10:00:10Z"));
        world.Approve("audit");
        await world.RunAsync();
        world.HookCalls("/audit").Count().ShouldBeGreaterThan(world.Events.Count);
        world.Queue.Waiting.ShouldBeEmpty();
    }
}
