using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using static CanaryFunctions.Core.Tests.Engine.HookTests;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Hooks that stand for somebody's approval (contracts/hooks-alerts.md 1.5): a no waits, and is told once.</summary>
public sealed class ConfirmHookTests
{
    [Fact]
    public async Task ConfirmRollout_Refused_WaitsAndTellsOnce_UntilApproved()
    {
        var world = await WithHooks(Hook("gate", "confirm-rollout")).InitializedAsync();
        world.Refuse("gate");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/gate").Count() == 4);

        world.Status.Phase.ShouldBe(CanaryPhase.Waiting);
        world.Status.FailedChecks.ShouldBe(0);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0, "nothing starts before somebody agrees");
        world.CountOf("Halt podinfo.test advancement waiting for approval gate").ShouldBe(1);
        world.Alerts.Count(a => a == "Warn: Canary is waiting for approval.").ShouldBe(1);
        Phases(world, "/gate").Take(2).ShouldBe(["Initialized", "Waiting"]);

        world.Approve("gate");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.CountOf("Confirm-rollout check gate passed").ShouldBe(1);
    }

    [Fact]
    public async Task ConfirmRollout_ApprovalIsOfOneRevision()
    {
        var world = await WithHooks(Hook("first", "confirm-rollout"), Hook("second", "confirm-rollout")).InitializedAsync();
        world.Refuse("second");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/second").Count() == 3);
        world.HookCalls("/first").Count().ShouldBe(1, "it agreed to this revision already");

        world.SetImage("podinfo:3");
        await world.RunAsync(() => world.HookCalls("/second").Count() == 5);
        world.HookCalls("/first").Count().ShouldBe(2, "the other revision needs its own approval");
    }

    [Fact]
    public async Task ConfirmRollout_TargetBackAtThePromotedRevision_EndsTheWait()
    {
        var world = await WithHooks(Hook("gate", "confirm-rollout")).InitializedAsync();
        world.Refuse("gate");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Waiting);
        world.SetImage("podinfo:1");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(0);
    }

    [Fact]
    public async Task ConfirmTrafficIncrease_Closed_HoldsTheFirstTrafficToo_AndTellsOnceAClosure()
    {
        var world = await WithHooks(Hook("more", "confirm-traffic-increase"), Hook("load", "rollout")).InitializedAsync();
        world.Refuse("more");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/more").Count() == 4);

        (world.Status.Phase, world.Status.CanaryWeight, world.Status.FailedChecks).ShouldBe((CanaryPhase.Progressing, 0, 0));
        world.HookCalls("/load").ShouldBeEmpty("no load before there may be traffic");
        world.CountOf("Halt podinfo.test advancement waiting for traffic increase approval more").ShouldBe(1);
        Waiting(world).ShouldBe(1);

        world.Approve("more");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Refuse("more");
        await world.RunAsync(() => world.HookCalls("/more").Count() == 10);
        world.Status.CanaryWeight.ShouldBe(20);
        Waiting(world).ShouldBe(2, "another closure is told again");
        world.CountOf("Confirm-traffic-increase check more passed").ShouldBe(2);

        world.Approve("more");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);

        static int Waiting(World world) => world.Alerts.Count(a => a == "Warn: Canary traffic increase is waiting for approval.");
    }

    [Fact]
    public async Task ConfirmTrafficIncrease_IsAskedAtTheHighestWeightToo()
    {
        var world = await WithHooks(Hook("more", "confirm-traffic-increase")).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 50);
        world.Refuse("more");
        await world.RunAsync(() => world.HookCalls("/more").Count() == 8);

        (world.Status.Phase, world.Status.CanaryWeight).ShouldBe((CanaryPhase.Progressing, 50));
    }

    [Fact]
    public async Task ConfirmPromotion_Closed_KeepsWeightAndAnalysis_UntilApproved()
    {
        var world = await WithHooks(Hook("promote", "confirm-promotion"), Hook("load", "rollout")).InitializedAsync();
        world.Refuse("promote");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/promote").Count() == 4);

        (world.Status.Phase, world.Status.CanaryWeight, world.RoutedToCanary, world.Status.Iterations).ShouldBe((CanaryPhase.WaitingPromotion, 50, 50, 0));
        world.CountOf("Halt podinfo.test advancement waiting for promotion approval promote").ShouldBe(1);
        world.Alerts.Count(a => a == "Warn: Canary promotion is waiting for approval.").ShouldBe(1);
        world.HookCalls("/load").Count().ShouldBeGreaterThan(7, "the checks go on");
        Phases(world, "/promote").ShouldAllBe(p => p == "Progressing");

        world.Approve("promote");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.CountOf("Confirm-promotion check promote passed").ShouldBe(1);
    }

    [Fact]
    public async Task ConfirmPromotion_ChecksThatFailMeanwhile_RollBack()
    {
        var world = await WithHooks(Hook("promote", "confirm-promotion")).InitializedAsync();
        world.Refuse("promote");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.WaitingPromotion);
        world.Metrics.Answer = _ => new MetricSample.Value(1);
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.RoutedToCanary.ShouldBe(0);
    }

    [Theory]
    [InlineData("confirm-rollout", "Canary is waiting for approval.")]
    [InlineData("confirm-traffic-increase", "Canary traffic increase is waiting for approval.")]
    [InlineData("confirm-promotion", "Canary promotion is waiting for approval.")]
    public async Task MuteAlert_SilencesTheAlert_NotTheEvent(string type, string alert)
    {
        var world = await WithHooks(Hook("gate", type, ("muteAlert", true))).InitializedAsync();
        world.Refuse("gate");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/gate").Count() == 2);

        world.Alerts.ShouldNotContain(a => a.EndsWith(alert, StringComparison.Ordinal));
        world.Events.ShouldContain(e => e.StartsWith("Halt podinfo.test advancement waiting for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ConfirmRollout_IsAskedOfARevisionThatComesDuringTheAnalysis()
    {
        var world = await WithHooks(Hook("gate", "confirm-rollout")).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Refuse("gate");
        world.SetImage("podinfo:3");
        await world.RunAsync(() => world.HookCalls("/gate").Count() == 4);

        (world.Status.Phase, world.Status.CanaryWeight, world.RoutedToCanary).ShouldBe((CanaryPhase.Waiting, 0, 0));
        world.Approve("gate");
        await world.RunAsync();
        (world.Status.Phase, world.PrimaryImage).ShouldBe((CanaryPhase.Succeeded, "podinfo:3"));
    }
}
