using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>What it costs to wait for pods, and what it must not cost.</summary>
public sealed class PodSightTests
{
    private const string Bad = "podinfo:bad";

    [Fact]
    public async Task PodsThatStayAsTheyAre_CostThreeReadsALook_AndAStepNowAndThen()
    {
        var world = await WaitingAsync();
        var step = world.Status.Step;
        for (var look = 0; look < 3; look++)
        {
            var before = world.Cluster.Requests.Count;
            await world.DeliverNextAsync();

            // The definition is read once in a while, whatever happens.
            world.Cluster.Requests.Skip(before).Where(r => !r.StartsWith("get customresourcedefinition", StringComparison.Ordinal)).ShouldBe([$"get {World.CanaryRef}", $"get {World.TargetRef}", $"get {World.PrimaryRef}"]);
        }

        world.Status.Step.ShouldBe(step);
        await world.DeliverNextAsync();
        world.Status.Step.ShouldBe(step + 1, "services and routes are put right before long");
        (world.Status.NextStepAt > world.Clock.GetUtcNow()).ShouldBeTrue();
    }

    [Fact]
    public async Task PodsThatBecameReady_AreSeenAtTheNextLook()
    {
        var world = await WaitingAsync();
        await world.DeliverNextAsync();
        var step = world.Status.Step;

        world.GetWell(Bad);
        await world.DeliverNextAsync();

        world.Status.Step.ShouldBe(step + 1);
        await world.RunAsync();
        (world.Status.Phase, world.PrimaryImage).ShouldBe((CanaryPhase.Succeeded, Bad));
    }

    [Fact]
    public async Task LooksThatNobodyBrings_AreBroughtBackByTheSweep()
    {
        var world = await WaitingAsync();
        await world.DeliverNextAsync();
        while (world.Queue.TakeNext() is { } message)
        {
            world.Queue.Lose(message);
        }

        world.Clock.Advance(TimeSpan.FromSeconds(30));
        await world.SweepAsync();
        world.GetWell(Bad);
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task DeadlineThatPasses_EndsTheRelease_ThoughThePodsStayAsTheyAre()
    {
        var world = await WaitingAsync();
        var deadline = world.Status.DeadlineAt!.Value;

        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.Clock.GetUtcNow().ShouldBeLessThan(deadline + TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task EditedCanary_IsNoLongerWaitedWith()
    {
        var world = await WaitingAsync();

        world.EditCanary(spec => spec["suspend"] = true);
        await world.DeliverNextAsync();

        world.Status.Condition(Condition.Suspended).ShouldNotBeNull();
    }

    /// <summary>In an analysis whose pods do not become ready, right after a step that said so not for the first time.</summary>
    private static async Task<World> WaitingAsync()
    {
        var world = await new World().WithBadImage(Bad).InitializedAsync();
        world.SetImage(Bad);
        await world.RunAsync(() => world.Status.Waits == 2);
        return world;
    }
}
