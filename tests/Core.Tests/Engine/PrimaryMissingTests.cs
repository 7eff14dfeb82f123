using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Somebody deleted the primary. Whoever has pods gets the users, and only a revision that was promoted or analysed takes the primary's place.</summary>
public sealed class PrimaryMissingTests
{
    [Theory]
    [InlineData(CanaryPhase.Progressing)]
    [InlineData(CanaryPhase.Promoting)]
    [InlineData(CanaryPhase.Finalising)]
    public async Task DuringARelease_TheCanaryServes_UntilThePromotionHasMadeItAgain(CanaryPhase phase)
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == phase && (world.Status.CanaryWeight == 20 || phase != CanaryPhase.Progressing));
        world.Cluster.Remove(World.PrimaryRef);
        await ServingAsync(world, CanaryPhase.Succeeded);

        world.PrimaryImage.ShouldBe("podinfo:2");
        ShouldBeBack(world);
        world.Status.LastPromotedSpec.ShouldBe(world.Status.LastAppliedSpec);
        world.CountOf("Promotion completed! Scaling down podinfo.test").ShouldBe(1);
    }

    [Fact]
    public async Task BeforeTheCanaryIsReady_IsWaitedFor()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Progressing);
        world.ReadyPods(World.TargetRef).ShouldBe(0);
        world.Cluster.Remove(World.PrimaryRef);
        await world.RunAsync();

        world.Events.ShouldContain("podinfo-primary.test not ready: waiting for rollout to finish: the deployment does not exist");
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        ShouldBeBack(world);
    }

    [Fact]
    public async Task CrashBehindItsCreation_IsAPromotionAllTheSame()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 50);
        world.Cluster.Remove(World.PrimaryRef);
        world.Cluster.AfterWrite = write =>
        {
            if (write != "create deployment podinfo-primary.test")
            {
                return Task.CompletedTask;
            }

            world.Cluster.AfterWrite = null;
            world.Metrics.Answer = _ => new MetricSample.Value(1);
            throw new CrashException();
        };
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded, "what was decided is not decided again");
        world.PrimaryImage.ShouldBe("podinfo:2");
    }

    [Theory]
    [InlineData(CanaryPhase.Progressing)]
    [InlineData(CanaryPhase.Waiting)]
    public async Task TargetBackAtThePromotedRevision_MakesItAgain_AndEndsTheRun(CanaryPhase phase)
    {
        var world = await HookTests.WithHooks(HookTests.Hook("gate", "confirm-rollout")).InitializedAsync();
        if (phase == CanaryPhase.Waiting)
        {
            world.Refuse("gate");
        }

        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == phase && (phase == CanaryPhase.Waiting || world.Status.CanaryWeight == 20));
        world.Cluster.Remove(World.PrimaryRef);
        world.SetImage("podinfo:1");
        await ServingAsync(world, CanaryPhase.Succeeded);

        world.PrimaryImage.ShouldBe("podinfo:1");
        world.Events.ShouldContain("podinfo.test is back at the promoted revision, ending the analysis");
        ShouldBeBack(world);
    }

    [Fact]
    public async Task FailedRevision_KeepsServing_ButNeverTakesItsPlace()
    {
        var world = await FailedWithoutPrimaryAsync();
        var step = world.Status.Step;
        for (var i = 0; i < 3; i++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            world.Hint();
            await world.RunAsync();
        }

        world.Cluster.Peek(World.PrimaryRef).ShouldBeNull();
        (world.RoutedToCanary, world.ReadyPods(World.TargetRef), world.Status.Step).ShouldBe((100, 2, step));
    }

    [Fact]
    public async Task AfterAFailure_ThePromotedRevisionBringsItBack()
    {
        var world = await FailedWithoutPrimaryAsync();
        var writes = new List<string>();
        world.Cluster.AfterWrite = write =>
        {
            writes.Add(write);
            return Task.CompletedTask;
        };
        world.SetImage("podinfo:1");
        await ServingAsync(world, CanaryPhase.Failed);

        world.PrimaryImage.ShouldBe("podinfo:1");
        ShouldBeBack(world);
        writes[writes.LastIndexOf("replace route podinfo.test")..writes.LastIndexOf("patch deployment podinfo.test")].ShouldContain(
            "replace status of canary podinfo.test", "requests need a moment to follow the route");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Progressing);
        world.Status.CanaryWeight.ShouldBe(0, "the primary serves again");
    }

    [Fact]
    public async Task AfterAFailure_AnotherRevisionIsReleasedOnTheCanaryThatServes()
    {
        var world = await FailedWithoutPrimaryAsync();
        world.Metrics.Answer = _ => new MetricSample.Value(100);
        world.SetImage("podinfo:3");
        await ServingAsync(world, CanaryPhase.Succeeded);

        world.PrimaryImage.ShouldBe("podinfo:3");
        ShouldBeBack(world);
    }

    [Theory]
    [InlineData(CanaryPhase.Initialized)]
    [InlineData(CanaryPhase.Succeeded)]
    [InlineData(CanaryPhase.Failed)]
    public async Task AtRest_IsMadeAgainFromThePromotedRevision(CanaryPhase phase)
    {
        var world = await RestingAsync(phase);
        if (phase == CanaryPhase.Failed)
        {
            world.SetImage("podinfo:1");
            await world.RunAsync();
        }

        var image = world.PrimaryImage;
        world.Cluster.Remove(World.PrimaryRef);
        world.Hint();
        await world.RunAsync();

        (world.Status.Phase, world.PrimaryImage).ShouldBe((phase, image));
        world.CountOf("podinfo-primary.test was missing and is made again from the promoted revision").ShouldBe(1);
        ShouldBeBack(world);
    }

    [Fact]
    public async Task AtRest_UnderAnotherRevision_HoldsUntilThatIsSetBack()
    {
        var world = await RestingAsync(CanaryPhase.Failed);
        world.Cluster.Remove(World.PrimaryRef);
        world.Hint();
        await world.RunAsync(() => world.Status.Condition(Condition.Accepted)?.Status == Condition.False);
        await world.DeliverNextAsync();

        world.Status.Condition(Condition.Accepted)!.Message.ShouldBe(
            "podinfo-primary.test is missing and podinfo.test is not the promoted revision: set the target back to the promoted revision and the primary is made again.");
        world.Cluster.Peek(World.PrimaryRef).ShouldBeNull();
        var since = world.Clock.GetUtcNow();
        world.SetImage("podinfo:1");
        await world.RunAsync(() => world.Cluster.Peek(World.PrimaryRef) is not null);

        (world.Clock.GetUtcNow() - since).ShouldBeLessThan(TimeSpan.FromSeconds(5), "nobody waits for the next look");
        await world.RunAsync();
        world.Status.Condition(Condition.Accepted)!.Status.ShouldBe(Condition.True);
        ShouldBeBack(world);
    }

    private static async Task<World> RestingAsync(CanaryPhase phase)
    {
        var world = await new World().InitializedAsync();
        if (phase != CanaryPhase.Initialized)
        {
            world.Metrics.Answer = _ => new MetricSample.Value(phase == CanaryPhase.Succeeded ? 100 : 1);
            world.SetImage("podinfo:2");
            await world.RunAsync();
        }

        world.Status.Phase.ShouldBe(phase);
        return world;
    }

    // The checks fail after the primary is gone: there is nothing to go back to.
    private static async Task<World> FailedWithoutPrimaryAsync()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Cluster.Remove(World.PrimaryRef);
        world.Metrics.Answer = _ => new MetricSample.Value(1);
        await ServingAsync(world, CanaryPhase.Failed);
        world.Status.CanaryWeight.ShouldBe(100);
        return world;
    }

    /// <summary>To rest; after every step the users get where pods are.</summary>
    private static async Task ServingAsync(World world, CanaryPhase end)
    {
        var step = world.Status.Step;
        for (var i = 0; i < 400 && await world.DeliverNextAsync(); i++)
        {
            if (world.Status.Step > step && DeploymentReadiness.ReadyPods(world.Cluster.Peek(World.TargetRef)) > 0)
            {
                (world.RoutedToCanary == 100 || world.ReadyPods(World.PrimaryRef) > 0).ShouldBeTrue($"{100 - world.RoutedToCanary} % of the users go nowhere in {world.Status.Phase}");
            }

            step = world.Status.Step;
        }

        world.Status.Phase.ShouldBe(end, string.Join('\n', world.Events));
    }

    private static void ShouldBeBack(World world)
    {
        (world.RoutedToCanary, world.Status.CanaryWeight, world.Status.NextStepAt).ShouldBe((0, 0, null));
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        world.MovePods();
        world.ReadyPods(World.PrimaryRef).ShouldBeGreaterThan(0);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0);
    }
}
