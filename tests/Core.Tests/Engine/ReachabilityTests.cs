using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Hooks and metric servers that there is no way to (design.md rule 18): a condition, never a failed check.</summary>
public sealed class ReachabilityTests
{
    private const string NoWay = "POST http://hooks/load: no endpoints available for service \"hooks\"";

    [Theory]
    [InlineData("rollout")]
    [InlineData("pre-rollout")]
    [InlineData("rollback")]
    public async Task Hook_ThatCannotBeReached_HoldsWithoutCounting_AndGoesOnWhenItCan(string type)
    {
        var world = await HookTests.WithHooks(HookTests.Hook("load", type)).InitializedAsync();
        var answers = world.Http.Answer;
        world.Http.Answer = Unreachable(answers);
        world.SetImage("podinfo:2");
        var text = $"Halt podinfo.test advancement {type} hook load cannot be reached: {NoWay}";
        await world.RunAsync(() => world.CountOf(text) == 3);

        (world.Status.CanaryWeight, world.Status.FailedChecks, world.Status.Phase).ShouldBe((0, 0, CanaryPhase.Progressing));
        var condition = world.Status.Condition(Condition.HooksAvailable).ShouldNotBeNull();
        (condition.Status, condition.Reason, condition.Message).ShouldBe((Condition.False, Reasons.ServiceUnreachable, text));

        // A rollback hook that answers no is one that was asked.
        world.Http.Answer = call => type == "rollback" && call.Url.AbsolutePath == "/load" ? new(403, "") : answers(call);
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Status.Condition(Condition.HooksAvailable).ShouldBeNull();
    }

    [Fact]
    public async Task Hook_ThatStaysUnreachable_EndsAtTheDeadline()
    {
        var world = await HookTests.WithHooks(HookTests.Hook("load", "rollout")).InitializedAsync();
        world.Http.Answer = Unreachable(world.Http.Answer);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Failed);

        world.Status.FailedChecks.ShouldBe(0);
        world.Events.ShouldContain($"Rolling back podinfo.test progress deadline exceeded Halt podinfo.test advancement rollout hook load cannot be reached: {NoWay}");
    }

    [Theory]
    [InlineData("confirm-rollout", CanaryPhase.Initialized, 0)]
    [InlineData("confirm-traffic-increase", CanaryPhase.Progressing, 0)]
    [InlineData("confirm-promotion", CanaryPhase.Progressing, 50)]
    public async Task Gate_ThatCannotBeReached_IsWaitedForAsLongAsItTakes(string type, CanaryPhase phase, int weight)
    {
        var world = await HookTests.WithHooks(HookTests.Hook("load", type)).InitializedAsync();
        var answers = world.Http.Answer;
        world.Http.Answer = Unreachable(answers);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.CountOf($"Halt podinfo.test advancement {type} hook load cannot be reached: {NoWay}") == 20);

        (world.Status.Phase, world.Status.CanaryWeight, world.Status.FailedChecks).ShouldBe((phase, weight, 0));
        world.Alerts.ShouldNotContain(a => a.Contains("waiting for approval", StringComparison.Ordinal), "nobody can open a gate that is not reached");
        world.Http.Answer = answers;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task RollbackHook_ThatSaysYes_CountsThoughAnotherCannotBeReached()
    {
        var world = await HookTests.WithHooks(HookTests.Hook("load", "rollback"), HookTests.Hook("stop", "rollback")).InitializedAsync();
        world.Http.Answer = Unreachable(world.Http.Answer);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Failed);

        world.Events.ShouldContain("Rolling back podinfo.test manual webhook invoked");
    }

    [Fact]
    public async Task HookThatGivesNoAnswer_StillFailsTheCheck()
    {
        var world = await HookTests.WithHooks(HookTests.Hook("load", "rollout")).InitializedAsync();
        var answers = world.Http.Answer;
        world.Http.Answer = call => call.Url.AbsolutePath == "/load" ? throw new HttpCallException("POST http://hooks/load: connection refused") : answers(call);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.FailedChecks == 1);

        world.Status.Condition(Condition.HooksAvailable).ShouldBeNull();
    }

    [Fact]
    public async Task PostRolloutHook_ThatCannotBeReached_IsCalledLater()
    {
        var world = await HookTests.WithHooks(HookTests.Hook("load", "post-rollout")).InitializedAsync();
        var (answers, isAway) = (world.Http.Answer, true);
        world.Http.Answer = call => call.Url.AbsolutePath == "/load" && isAway ? throw new HttpCallException(NoWay) { IsUnreachable = true } : answers(call);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/load").Count() == 2);
        isAway = false;
        await world.RunAsync();

        world.HookCalls("/load").Count().ShouldBe(3);
        world.Events.ShouldContain("Post-rollout check load passed");
        world.Events.ShouldNotContain(e => e.StartsWith("Post-rollout hook load failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MetricServer_ThatFails_IsAConditionUntilItAnswers()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Metrics.Answer = _ => new MetricSample.Error("request failed: no endpoints available for service \"prometheus\"");
        await world.RunAsync(() => world.Status.Condition(Condition.MetricsAvailable)?.Status == Condition.False);

        var condition = world.Status.Condition(Condition.MetricsAvailable)!;
        (condition.Reason, condition.Message).ShouldBe(
            (Reasons.MetricError, "Prometheus query failed: running query failed: request failed: no endpoints available for service \"prometheus\""));
        world.Status.FailedChecks.ShouldBe(0);
        world.Metrics.Answer = _ => new MetricSample.Value(100);
        await world.RunAsync();
        world.Status.Condition(Condition.MetricsAvailable)!.Status.ShouldBe(Condition.True);
    }

    private static Func<HttpCall, HttpAnswer> Unreachable(Func<HttpCall, HttpAnswer> others)
        => call => call.Url.AbsolutePath == "/load" ? throw new HttpCallException(NoWay) { IsUnreachable = true } : others(call);
}
