using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>From a canary that passed to a primary that runs its template.</summary>
internal static class PromotionGates
{
    /// <summary>The hooks that let the revision be promoted. While they say no, checks go on and failures count.</summary>
    internal static StepDecision? Confirm(StepContext c)
    {
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase))
        {
            return null;
        }

        var (ask, refused) = Gates.AskHooks(c, HookType.ConfirmPromotion, "Progressing");
        if (ask is not null || refused is null)
        {
            return ask;
        }

        var draft = AnalysisGates.Passed(c).WithRepairs(c).Enter(CanaryPhase.WaitingPromotion);
        if (c.Status.Phase != CanaryPhase.WaitingPromotion)
        {
            draft.Warning(Reasons.WaitingForApproval, Messages.WaitingForApproval(c.Canary, refused.Hook));
            if (!refused.Hook.MuteAlert)
            {
                draft.Alert(AlertSeverity.Warn, "Canary promotion is waiting for approval.");
            }
        }

        return draft.AfterInterval("waiting for promotion approval");
    }

    /// <summary>The primary carries this run's mark already: the decision was made and only its record is missing. It is not made again.</summary>
    internal static StepDecision? AlreadyCopied(StepContext c)
        => PhaseTransitions.IsAnalysing(c.Status.Phase) && c.Status.RunId is { } run && PrimaryDeployment.RollTriggerOf(c.Snapshot.Primary) == run ? CopyTemplate(c) : null;

    internal static StepDecision? Copy(StepContext c) => PhaseTransitions.IsAnalysing(c.Status.Phase) ? CopyTemplate(c) : null;

    /// <summary>The primary gets the template that was analysed: the one read in this step, whose hash is the run's.</summary>
    internal static StepDecision CopyTemplate(StepContext c)
    {
        var (snapshot, options) = (c.Snapshot, c.Snapshot.Options);
        var draft = AnalysisGates.Passed(c).WithServices(c).WithPrimaryScaler(c, update: true).Enter(CanaryPhase.Promoting);
        if (snapshot.Primary is { } primary)
        {
            var promoted = PrimaryDeployment.Promote(
                c.Canary, primary, snapshot.Target!, snapshot.Selector!, options, keepReplicas: c.Spec.AutoscalerRef is not null, c.Status.RunId ?? "");
            draft.Prepare(ObjectChange.Between(PrimaryDeployment.RefOf(c.Canary), primary, promoted));
        }
        else
        {
            draft.WithNewPrimary(c, c.Status.RunId);
        }

        draft.Status = draft.Status with { DeadlineAt = draft.Deadline(), Waits = 0 };
        return draft.Normal(Reasons.Promoting, Messages.Copying(c.Canary)).After(TimeSpan.FromSeconds(1), "copying");
    }

    /// <summary>Traffic goes back only to a primary whose rollout is done.</summary>
    internal static StepDecision? Promote(StepContext c)
    {
        if (c.Status.Phase != CanaryPhase.Promoting)
        {
            return null;
        }

        var readiness = DeploymentReadiness.ToServe(c.Snapshot.Primary, c.Spec.Analysis.PrimaryReadyThreshold);
        if (readiness.Problem is not { } problem)
        {
            return ShiftBack(c);
        }

        if (readiness.IsStuck || c.Status.DeadlineAt <= c.Now)
        {
            return Rollback.OfPromotion(c, problem);
        }

        var draft = Awaiting(c);

        // The target was changed once more: its pods are no longer those that were analysed.
        if (c.Snapshot.TargetHash != c.Status.LastAppliedSpec)
        {
            draft.Split = TrafficSplit.AllPrimary;
        }

        return draft.WarningOnce(Reasons.NotReady, Messages.PrimaryNotReady(c.Canary, problem)).Waiting(problem);
    }

    internal static StepDecision? Finalise(StepContext c)
    {
        if (c.Status.Phase != CanaryPhase.Finalising)
        {
            return null;
        }

        var readiness = DeploymentReadiness.ToServe(c.Snapshot.Primary, c.Spec.Analysis.PrimaryReadyThreshold);
        if (readiness.Problem is { } problem)
        {
            return readiness.IsStuck || c.Status.DeadlineAt <= c.Now
                ? Rollback.OfPromotion(c, problem)
                : Awaiting(c).WarningOnce(Reasons.NotReady, Messages.PrimaryNotReady(c.Canary, problem)).Waiting(problem);
        }

        var draft = c.Draft().WithServices(c).Enter(CanaryPhase.Succeeded);
        draft.Split = TrafficSplit.AllPrimary;
        draft.Status = draft.Status with
        {
            CanaryWeight = 0,
            Iterations = 0,
            FailedChecks = 0,
            LastPromotedSpec = c.Status.LastAppliedSpec,
            DeadlineAt = null,
            Waits = 0,
            PassedHooks = [],
        };
        var (text, alert) = c.Spec.SkipAnalysis
            ? (Messages.PromotedWithoutAnalysis(c.Canary), "Canary analysis was skipped, promotion finished.")
            : (Messages.Promoted(c.Canary), "Canary analysis completed successfully, promotion finished.");
        draft.PostRollout().Normal(Reasons.Promoted, text).Alert(AlertSeverity.Info, alert);

        // A revision that came meanwhile is taken up at once, on pods that are already there.
        return c.Snapshot.TargetHash != c.Status.LastAppliedSpec
            ? draft.AtOnce("promoted, another revision waits")
            : draft.Finish(TrackObjects.ScaleTarget(c, 0)).AtRest("promoted");
    }

    // A primary that somebody deletes is copied once more, unless the target has changed by then.
    private static StepDraft Awaiting(StepContext c)
    {
        var draft = c.Draft().WithServices(c).WithPrimaryScaler(c, update: true);
        return c.Snapshot.Primary is null && c.Snapshot.TargetHash == c.Status.LastAppliedSpec ? draft.WithNewPrimary(c, c.Status.RunId) : draft;
    }

    private static StepDecision ShiftBack(StepContext c)
    {
        var step = c.Spec.Analysis.StepWeightPromotion;
        var weight = step > 0 ? Math.Max(0, c.Status.CanaryWeight - step) : 0;
        var draft = c.Draft().WithServices(c).WithPrimaryScaler(c, update: true);
        draft.Split = TrafficSplit.ToCanary(weight);
        draft.Status = draft.Status with { CanaryWeight = weight, Waits = 0, DeadlineAt = draft.Deadline() };
        if (c.Status.CanaryWeight > 0)
        {
            draft.Normal(Reasons.Routed, step > 0 ? Messages.AdvancePrimary(c.Canary, 100 - weight) : Messages.RoutedToPrimary);
        }

        return weight > 0 ? draft.AfterInterval("shifting back") : draft.Enter(CanaryPhase.Finalising).After(StepDraft.Drain, "routed to the primary");
    }
}
