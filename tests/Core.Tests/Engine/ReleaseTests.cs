using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

public sealed class ReleaseTests
{
    [Fact]
    public async Task NewCanary_IsBootstrapped_WithoutEverBeingWithoutPods()
    {
        var world = new World();
        world.Hint();
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
        world.Events.ShouldBe([
            "all the metrics providers are available!",
            "podinfo-primary.test not ready: waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
            "Initialization done! podinfo.test"]);
        world.Alerts.ShouldBe(["Info: New Deployment detected, initialization completed."]);
        world.ReadyPods(World.PrimaryRef).ShouldBe(2);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0);
        world.RoutedToCanary.ShouldBe(0);
        world.Queue.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task GoodRevision_IsSteppedThroughAndPromoted()
    {
        var world = await new World().InitializedAsync();
        var before = world.Events.Count;
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Events.Skip(before).ShouldBe([
            "New revision detected! Scaling up podinfo.test",
            "canary deployment podinfo.test not ready: waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
            "Starting canary analysis for podinfo.test",
            "Advance podinfo.test canary weight 10",
            "Advance podinfo.test canary weight 20",
            "Advance podinfo.test canary weight 30",
            "Advance podinfo.test canary weight 40",
            "Advance podinfo.test canary weight 50",
            "Copying podinfo.test template spec to podinfo-primary.test",
            "podinfo-primary.test not ready: waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
            "Routing all traffic to primary",
            "Promotion completed! Scaling down podinfo.test"]);
        world.Alerts.Skip(1).ShouldBe([
            "Info: New revision detected, progressing canary analysis.",
            "Info: Canary analysis completed successfully, promotion finished."]);
        world.PrimaryImage.ShouldBe("podinfo:2");
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0);
        world.RoutedToCanary.ShouldBe(0);
        world.Status.LastPromotedSpec.ShouldBe(world.Status.LastAppliedSpec);
        world.Status.Condition(Condition.Promoted)!.Status.ShouldBe(Condition.True);
        world.Queue.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task BadRevision_IsHaltedAndRolledBack()
    {
        var world = await new World().InitializedAsync();
        world.Metrics.Answer = query => new MetricSample.Value(query.Query.StartsWith("success", StringComparison.Ordinal) && world.Status.CanaryWeight >= 20 ? 69.17 : 100);
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.Events.TakeLast(5).ShouldBe([
            "Advance podinfo.test canary weight 10",
            "Advance podinfo.test canary weight 20",
            "Halt podinfo.test advancement success rate 69.17% < 99%",
            "Rolling back podinfo.test failed checks threshold reached 3",
            "Canary failed! Scaling down podinfo.test"]);
        world.Alerts[^1].ShouldBe("Error: Failed checks threshold reached 3");
        world.PrimaryImage.ShouldBe("podinfo:1");
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0);
        world.RoutedToCanary.ShouldBe(0);
        world.Status.FailedChecks.ShouldBe(3, "what failed stays visible until the next run");
        world.Cluster.PeekAll(Kinds.Event).Single(e => e.Text("message")!.Contains("success rate", StringComparison.Ordinal)).Integer("count").ShouldBe(3);
        world.Queue.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task NewRevisionDuringTheAnalysis_RestartsIt()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.SetImage("podinfo:3");
        await world.RunAsync(() => world.Status.CanaryWeight == 0);

        world.RoutedToCanary.ShouldBe(0);
        world.Events.ShouldContain("New revision detected! Restarting analysis for podinfo.test");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.PrimaryImage.ShouldBe("podinfo:3");
    }

    [Fact]
    public async Task TargetBackAtThePromotedRevision_EndsTheAnalysis()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.SetImage("podinfo:1");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Events.ShouldContain("podinfo.test is back at the promoted revision, ending the analysis");
        world.RoutedToCanary.ShouldBe(0);
        world.PrimaryImage.ShouldBe("podinfo:1");
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0);
    }

    [Fact]
    public async Task CanaryThatNeverBecomesReady_IsRolledBackAtTheDeadline_AndPeopleAreTold()
    {
        var world = await new World().WithBadImage("podinfo:bad").InitializedAsync();
        world.SetImage("podinfo:bad");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.Events.ShouldContain(e => e.StartsWith("Rolling back podinfo.test progress deadline exceeded canary deployment podinfo.test not ready", StringComparison.Ordinal));
        world.Alerts[^1].ShouldStartWith("Error: Progress deadline exceeded");
        world.RoutedToCanary.ShouldBe(0);
    }

    [Fact]
    public async Task PrimaryThatBreaksAtPromotion_NeverGetsTheTraffic()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Promoting);
        world.WithBadImage("podinfo:2");
        world.Cluster.Change(World.PrimaryRef, d => d["status"]!["readyReplicas"] = 0);
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.RoutedToCanary.ShouldBe(100);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(2);
        world.Alerts[^1].ShouldStartWith("Error: Promotion failed, primary not ready:");
    }

    [Fact]
    public async Task FixAfterAFailedPromotion_IsAnalysedOnTheCanaryThatServes_AndThenPromoted()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Promoting);
        world.WithBadImage("podinfo:2");
        world.Cluster.Change(World.PrimaryRef, d => d["status"]!["readyReplicas"] = 0);
        await world.RunAsync();
        world.SetImage("podinfo:3");
        var least = 100;
        await world.RunAsync(() =>
        {
            least = world.Status.Phase is CanaryPhase.Progressing ? Math.Min(least, world.RoutedToCanary) : least;
            return world.Status.Phase == CanaryPhase.Succeeded;
        });

        least.ShouldBe(100, "the broken primary must get nothing");
        world.PrimaryImage.ShouldBe("podinfo:3");
    }

    [Fact]
    public async Task SkipAnalysis_PromotesAsSoonAsThePodsAreReady()
    {
        var world = await new World(spec => spec["skipAnalysis"] = true).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Events.ShouldContain("Promotion completed! Canary analysis was skipped for podinfo.test");
        world.Events.ShouldNotContain(e => e.StartsWith("Advance", StringComparison.Ordinal));
        world.Alerts[^1].ShouldBe("Info: Canary analysis was skipped, promotion finished.");
    }

    [Fact]
    public async Task StepWeights_AreTakenInOrder()
    {
        var world = await new World(spec =>
        {
            spec.Section("analysis").Remove("stepWeight");
            spec.Section("analysis").Remove("maxWeight");
            spec.Section("analysis")["stepWeights"] = World.Parse("""{"w":[1,10,50]}""")["w"]!.DeepClone();
        }).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Events.Where(e => e.StartsWith("Advance", StringComparison.Ordinal)).ShouldBe([
            "Advance podinfo.test canary weight 1", "Advance podinfo.test canary weight 10", "Advance podinfo.test canary weight 50"]);
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task StepWeightPromotion_ShiftsBackInSteps()
    {
        var world = await new World(spec =>
        {
            spec.Section("analysis")["stepWeight"] = 25;
            spec.Section("analysis")["stepWeightPromotion"] = 20;
        }).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Events.Where(e => e.Contains("primary weight", StringComparison.Ordinal)).ShouldBe([
            "Advance podinfo.test primary weight 70", "Advance podinfo.test primary weight 90", "Advance podinfo.test primary weight 100"]);
        world.Events.ShouldNotContain("Routing all traffic to primary");
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task Suspended_NothingMovesAndItIsSaidOnce()
    {
        var world = await new World().InitializedAsync();
        world.EditCanary(spec => spec["suspend"] = true);
        world.Hint();
        await world.RunAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
        world.Events.Count(e => e == "skipping canary run as object is suspended").ShouldBe(1);
        world.EditCanary(spec => spec.Remove("suspend"));
        world.Hint();
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded, "the revision that came meanwhile is released");
    }

    [Fact]
    public async Task PodsLostDuringTheAnalysis_LoseTheirTraffic_AndGetTheirWeightBack()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.WithBadImage("podinfo:2");
        world.Cluster.Change(World.TargetRef, d => d["status"]!["readyReplicas"] = 0);
        await world.DeliverNextAsync();

        world.Status.CanaryWeight.ShouldBe(20);
        world.RoutedToCanary.ShouldBe(0);
    }
}
