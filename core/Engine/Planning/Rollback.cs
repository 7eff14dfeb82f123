using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>
/// The ways a release is given up. Traffic goes to the primary as long as that has ready pods; the target goes to zero a moment later, in a step of its own,
/// and only then. With a primary that cannot serve, the canary keeps the traffic and its pods.
/// </summary>
internal static class Rollback
{
    internal static StepDecision OfThreshold(StepContext c)
        => GiveUp(c, Messages.ThresholdReached(c.Canary, c.Status.FailedChecks), AlertSeverity.Error, $"Failed checks threshold reached {c.Status.FailedChecks}");

    internal static StepDecision OfDeadline(StepContext c, string why)
        => GiveUp(c, Messages.DeadlineExceeded(c.Canary, why), AlertSeverity.Error, $"Progress deadline exceeded {why}");

    internal static StepDecision OfHook(StepContext c, HookSpec hook)
        => GiveUp(c, Messages.ManualRollback(c.Canary), AlertSeverity.Warn, "Rolling back manual webhook invoked", $"Rollback check {hook.Name} passed");

    internal static StepDecision OfUnreadyPrimary(StepContext c, string why)
        => OfDeadline(c, Messages.PrimaryNotReady(c.Canary, why));

    /// <summary>The primary did not come up with the new template. The canary runs it and has proven itself: it gets the traffic and keeps its pods.</summary>
    internal static StepDecision OfPromotion(StepContext c, string why)
    {
        var canServe = c.Snapshot.ReadyCanaryPods > 0;
        var draft = c.Draft().WithServices(c).Enter(CanaryPhase.Failed);
        draft.Split = canServe ? TrafficSplit.AllCanary : TrafficSplit.AllPrimary;
        draft.Status = draft.Status with { CanaryWeight = draft.Split.Canary, DeadlineAt = null, Waits = 0 };
        draft.Warning(Reasons.PromotionFailed, Messages.PromotionFailed(c.Canary, why))
            .Alert(AlertSeverity.Error, $"Promotion failed, primary not ready: {why}")
            .PostRollout();

        // With no pods on either side the first track that comes back has to get the traffic.
        return canServe ? draft.AtRest("promotion failed") : draft.After(StepDraft.Drain, "promotion failed without pods");
    }

    private static StepDecision GiveUp(StepContext c, string text, AlertSeverity severity, string alert, string? before = null)
    {
        var primaryServes = c.Snapshot.ReadyPrimaryPods > 0 || c.Snapshot.ReadyCanaryPods == 0;
        var draft = c.Draft().Enter(CanaryPhase.Failed);
        draft.Split = primaryServes ? TrafficSplit.AllPrimary : TrafficSplit.AllCanary;
        draft.Status = draft.Status with
        {
            CanaryWeight = draft.Split.Canary,
            Iterations = 0,
            LastAppliedSpec = c.Snapshot.TargetHash,
            TargetGeneration = c.Snapshot.Target!.Generation(),
            DeadlineAt = null,
            Waits = 0,
            PassedHooks = [],
        };
        if (before is not null)
        {
            draft.Warning(Reasons.RolledBack, before);
        }

        draft.Warning(Reasons.RolledBack, text).Alert(severity, alert)
            .Warning(Reasons.RolledBack, primaryServes
                ? Messages.CanaryFailed(c.Canary)
                : $"Canary failed! {c.Canary.PrimaryName}.{c.Canary.Namespace} has no ready pods, {c.Canary.Key} keeps serving")
            .PostRollout();
        return primaryServes ? draft.After(StepDraft.Drain, "rolled back") : draft.AtRest("given up without a primary to go back to");
    }
}
