using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Engine.Planning;
using CanaryFunctions.Core.Objects;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>What every decision keeps to, whatever was read. A counterexample prints the whole snapshot.</summary>
public sealed class EngineProperties
{
    private const int Threshold = 3;

    [Fact]
    public void Decision_IsPureAllowedAndNeverThrows() => Always(SnapshotCases.All, (c, snapshot, decision) =>
    {
        Text(c.Decide(snapshot)).ShouldBe(Text(decision));
        Text(c.Decide(c.Snapshot())).ShouldBe(Text(decision));
        if (decision is StepDecision.Write { Plan: var plan })
        {
            // A new Canary whose objects are all there already passes through Initializing in one step.
            var from = c.Run.Phase == CanaryPhase.None && plan.Status.Phase != CanaryPhase.None ? CanaryPhase.Initializing : c.Run.Phase;
            PhaseTransitions.IsAllowed(from, plan.Status.Phase).ShouldBeTrue($"{c.Run.Phase} to {plan.Status.Phase}");
        }
    });

    [Fact]
    public void Routes_StayWithinBoundsAndSumTo100() => Always(SnapshotCases.All, (_, _, decision) =>
    {
        if (PlannedRoute(decision) is { } route)
        {
            var (primary, canary) = (route.Integer("spec", "primary")!.Value, route.Integer("spec", "canary")!.Value);
            canary.ShouldBeInRange(0, 100);
            (primary + canary).ShouldBe(100);
        }
    });

    [Fact]
    public void ThresholdReached_RollsBack_WhateverElseIsWrong() => Always(SnapshotCases.Analysing, (c, _, decision) =>
    {
        // A primary that is gone makes nothing to roll back to: then the canary keeps serving, and that is a failure as well.
        if (c.Run.FailedChecks >= Threshold)
        {
            decision.ShouldBeOfType<StepDecision.Write>().Plan.Status.Phase.ShouldBe(CanaryPhase.Failed);
        }
    });

    [Fact]
    public void TrackWithoutReadyPods_GetsNothing_WhileTheOtherHasSome() => Always(SnapshotCases.All, (c, snapshot, decision) =>
    {
        if (decision is not StepDecision.Write { Plan: var plan } || c.Trouble.IsDeleted || plan.Status.Condition(Condition.Accepted)?.Status != Condition.True)
        {
            return;
        }

        var isRouted = plan.Status.Phase is CanaryPhase.Progressing or CanaryPhase.WaitingPromotion or CanaryPhase.Promoting or CanaryPhase.Finalising;
        var weight = PlannedRoute(decision).Integer("spec", "canary") ?? (isRouted && !c.Spec.Suspend ? c.Trouble.Route : null);
        if (weight is not null && snapshot.ReadyPrimaryPods > 0 != snapshot.ReadyCanaryPods > 0)
        {
            weight.ShouldBe(snapshot.ReadyPrimaryPods > 0 ? 0 : 100);
        }
    });

    [Fact]
    public void Target_NeverGoesToZero_WhileThePrimaryHasNoReadyPods() => Always(SnapshotCases.All, (_, snapshot, decision) =>
    {
        if (Changes(decision).Any(change => change.Kind == ChangeKind.Scale && change.Desired.Integer("spec", "replicas") == 0))
        {
            snapshot.ReadyPrimaryPods.ShouldBeGreaterThan(0);
        }
    });

    [Fact]
    public void AtRest_WithNothingNew_NothingFollows() => Always(SnapshotCases.All, (c, snapshot, decision) =>
    {
        var isNew = c.Run.TargetMoved || !c.Due.SpecSeen || c.Run.Applied != SnapshotCase.Current || !c.Primary.Exists;
        var isHeld = c.Trouble.IsDeleted || c.Trouble.IsInvalid || c.Trouble.HasOwner || c.Spec.Suspend || !c.Target.Exists;
        if (PhaseTransitions.IsAtRest(c.Run.Phase) && c.Due.NextStep is null && !isNew && !isHeld)
        {
            decision.ShouldBeOfType<StepDecision.Nothing>();
        }
    });

    [Fact]
    public void PrimaryThatWasDeleted_IsMadeOfWhatWasPromotedOrAnalysed_AndOfNothingElse() => Always(SnapshotCases.WithoutPrimary, (c, _, decision) =>
    {
        var isMade = Changes(decision).Any(change => change.Kind == ChangeKind.Create && change.Target == World.PrimaryRef);
        var (isApplied, isPromoted) = (c.Run.Applied == SnapshotCase.Current, c.Run.Promoted == SnapshotCase.Current);
        if (isMade)
        {
            // A hash that changed though nobody changed the target is the API server's doing.
            (isPromoted || (PhaseTransitions.IsRunning(c.Run.Phase) && (isApplied || !c.Run.TargetMoved))).ShouldBeTrue();
        }
        else if (PhaseTransitions.IsAtRest(c.Run.Phase))
        {
            (isPromoted && isApplied).ShouldBeFalse();
        }
    });

    [Fact]
    public void RunUnderWay_AlwaysHasANextStep() => Always(SnapshotCases.All, (c, _, decision) =>
    {
        if (decision is StepDecision.Write { Plan: var plan } && plan.Status.Condition(Condition.Accepted)?.Status == Condition.True && !c.Spec.Suspend && !c.Trouble.IsDeleted)
        {
            var isUnderWay = PhaseTransitions.IsRunning(plan.Status.Phase) || plan.Status.Phase is CanaryPhase.Initializing;
            (plan.Status.NextStepAt is not null || !isUnderWay).ShouldBeTrue($"{plan.Status.Phase}: {plan.Reason}");
        }
    });

    private static void Always(Arbitrary<SnapshotCase> cases, Action<SnapshotCase, RolloutSnapshot, StepDecision> holds)
        => Prop.ForAll(cases, (SnapshotCase c) =>
        {
            var snapshot = c.Snapshot();
            holds(c, snapshot, c.Decide(snapshot));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static System.Text.Json.Nodes.JsonObject? PlannedRoute(StepDecision decision)
        => Changes(decision).Where(change => change.Target.Kind == FakeRouter.Route).Select(change => change.Desired).FirstOrDefault();

    private static IReadOnlyList<ObjectChange> Changes(StepDecision decision) => decision is StepDecision.Write { Plan: var plan } ? plan.Changes : [];

    private static string Text(StepDecision decision) => decision is StepDecision.Write { Plan: var plan }
        ? $"{plan.Reason} {plan.Finalizer} {plan.Status.ToJson().ToJsonString()} {string.Join(' ', plan.Changes.Select(change => $"{change} {change.Desired?.ToJsonString()}"))}"
        : decision.ToString();
}
