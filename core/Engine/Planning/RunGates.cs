using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>How a run begins, begins again, waits for pods, and is given up.</summary>
internal static class RunGates
{
    /// <summary>The target is back at what the primary runs: there is nothing left to release.</summary>
    internal static StepDecision? Reverted(StepContext c)
    {
        var isRun = c.Status.Phase is CanaryPhase.Waiting or CanaryPhase.Progressing or CanaryPhase.WaitingPromotion;
        var primaryServes = c.Snapshot.ReadyPrimaryPods > 0;
        if (!isRun || !primaryServes || !c.IsAtPromotedRevision)
        {
            return null;
        }

        var draft = c.Draft().WithServices(c).Enter(CanaryPhase.Succeeded);
        draft.Split = TrafficSplit.AllPrimary;
        draft.Status = draft.Status with
        {
            CanaryWeight = 0,
            FailedChecks = 0,
            LastAppliedSpec = c.Snapshot.TargetHash,
            TargetGeneration = c.Snapshot.Target!.Generation(),
            DeadlineAt = null,
            Waits = 0,
        };
        return draft.Normal(Reasons.Reverted, Messages.Reverted(c.Canary)).After(StepDraft.Drain, "reverted");
    }

    /// <summary>Another revision came while one is analysed: its pods get no traffic before they are looked at from the beginning.</summary>
    internal static StepDecision? Restart(StepContext c)
    {
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase) || !c.HasOtherRevision || !c.TargetGenerationMoved)
        {
            return null;
        }

        var (ask, refused) = Gates.AskHooks(c, HookType.ConfirmRollout, c.Status.Phase.ToString());
        if ((ask is not null || refused is not null) && c.Status.CanaryWeight > 0)
        {
            // However long the approval takes: pods that nobody looked at get no traffic meanwhile.
            var withdrawn = c.Draft().WithServices(c);
            withdrawn.Status = withdrawn.Status with { CanaryWeight = 0, Waits = 0 };
            return withdrawn.AtOnce("another revision");
        }

        if (ask is not null || refused is not null)
        {
            return ask ?? WaitForApproval(c, refused!.Hook);
        }

        var draft = TellApproved(Begin(c, weight: 0).WithServices(c), c).Normal(Reasons.NewRevision, Messages.Restarting(c.Canary));
        return Announced(draft).After(TimeSpan.FromSeconds(1), "restarting");
    }

    /// <summary>Nothing is released, and nothing judged, on top of a primary that is not ready itself.</summary>
    internal static StepDecision? PrimaryReady(StepContext c)
    {
        var isAsked = PhaseTransitions.IsAnalysing(c.Status.Phase) || c.Status.Phase == CanaryPhase.Waiting
            || (PhaseTransitions.IsAtRest(c.Status.Phase) && c.HasOtherRevision);

        // One that was deleted is made again by the promotion, which only a release that goes on comes to.
        var isReplaced = PhaseTransitions.IsAnalysing(c.Status.Phase) && c.Snapshot.Primary is null && c.Snapshot.ReadyCanaryPods > 0;
        var canaryServes = c.CanaryServesAlone || c.Status.CanaryWeight == 100 || isReplaced;
        var readiness = DeploymentReadiness.ToServe(c.Snapshot.Primary, c.Spec.Analysis.PrimaryReadyThreshold);
        if (!isAsked || canaryServes || readiness.Problem is not { } problem)
        {
            return null;
        }

        if (PhaseTransitions.IsAnalysing(c.Status.Phase) && (readiness.IsStuck || c.Status.DeadlineAt <= c.Now))
        {
            return Rollback.OfUnreadyPrimary(c, problem);
        }

        return c.Draft().WarningOnce(Reasons.NotReady, Messages.PrimaryNotReady(c.Canary, problem)).Waiting(problem);
    }

    /// <summary>A new revision: asks the confirm-rollout hooks, and only when they agree records it as taken up. Until then it can never be lost.</summary>
    internal static StepDecision? Start(StepContext c)
    {
        var isWaiting = c.Status.Phase == CanaryPhase.Waiting;
        var isNew = PhaseTransitions.IsAtRest(c.Status.Phase) && c.HasOtherRevision && c.TargetGenerationMoved;
        if (!isWaiting && !isNew)
        {
            return null;
        }

        if (isWaiting && AskRollback(c) is { } asked)
        {
            return asked;
        }

        var (ask, refused) = Gates.AskHooks(c, HookType.ConfirmRollout, c.Status.Phase.ToString());
        if (ask is not null)
        {
            return ask;
        }

        if (refused is not null)
        {
            return WaitForApproval(c, refused.Hook);
        }

        var draft = Begin(c, weight: c.CanaryServesAlone ? 100 : 0).WithServices(c).Finish(TrackObjects.ScaleUpTarget(c));
        return Announced(TellApproved(draft, c).Normal(Reasons.NewRevision, Messages.NewRevision(c.Canary))).After(TimeSpan.FromSeconds(1), "new revision");
    }

    /// <summary>The canary's pods have to be ready; the deadline runs while they are not, and the weight comes back with them.</summary>
    internal static StepDecision? CanaryReady(StepContext c)
    {
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase))
        {
            return null;
        }

        var readiness = DeploymentReadiness.ToServe(c.Snapshot.Target, c.Spec.Analysis.CanaryReadyThreshold);
        if (readiness.Problem is { } problem)
        {
            return readiness.IsStuck || c.Status.DeadlineAt <= c.Now
                ? Rollback.OfDeadline(c, Messages.CanaryNotReady(c.Canary, problem))
                : c.Draft().WithRepairs(c).WarningOnce(Reasons.NotReady, Messages.CanaryNotReady(c.Canary, problem)).Waiting(problem);
        }

        if (c.Status.Waits == 0 || c.Status.CanaryWeight == 0)
        {
            return null;
        }

        // It had traffic before it became unready: let it have it again for an interval before it is judged.
        var draft = c.Draft().WithRepairs(c);
        draft.Status = draft.Status with { Waits = 0, DeadlineAt = null, TrafficSince = c.Now };
        return draft.AfterInterval("resuming");
    }

    /// <summary>Without analysis the revision goes to the primary as soon as its own pods are ready.</summary>
    internal static StepDecision? SkipAnalysis(StepContext c)
        => PhaseTransitions.IsAnalysing(c.Status.Phase) && c.Spec.SkipAnalysis ? PromotionGates.CopyTemplate(c) : null;

    internal static StepDecision? RollbackHooks(StepContext c) => PhaseTransitions.IsAnalysing(c.Status.Phase) ? AskRollback(c) : null;

    internal static StepDecision? ThresholdReached(StepContext c)
        => PhaseTransitions.IsAnalysing(c.Status.Phase) && c.Status.FailedChecks >= c.Spec.Analysis.Threshold ? Rollback.OfThreshold(c) : null;

    private static StepDraft TellApproved(StepDraft draft, StepContext c)
    {
        foreach (var answer in c.Answers.Hooks.GetValueOrDefault(HookType.ConfirmRollout) ?? [])
        {
            draft.Normal(Reasons.HookPassed, Messages.HookPassed(answer.Hook));
        }

        return draft;
    }

    private static StepDraft Announced(StepDraft draft)
        => draft.Alert(AlertSeverity.Info, "New revision detected, progressing canary analysis.", withMetadata: true);

    private static StepDecision? AskRollback(StepContext c)
    {
        var hooks = c.Spec.Analysis.HooksOf(HookType.Rollback).ToList();
        if (hooks.Count == 0)
        {
            return null;
        }

        return !c.Answers.Hooks.TryGetValue(HookType.Rollback, out var answers)
            ? new StepDecision.Ask(new CheckRequest.Hooks(HookType.Rollback, hooks, c.Status.Phase.ToString(), StopAt: true))
            : answers.FirstOrDefault(a => a.Passed) is { } signal ? Rollback.OfHook(c, signal.Hook) : null;
    }

    private static StepDecision WaitForApproval(StepContext c, HookSpec hook)
    {
        var isFirst = c.Status.Phase != CanaryPhase.Waiting;
        var draft = c.Draft().Enter(CanaryPhase.Waiting);
        if (isFirst)
        {
            draft.Status = draft.Status with { Waits = 0, DeadlineAt = null, PassedHooks = [] };
            draft.Warning(Reasons.WaitingForApproval, Messages.WaitingForApproval(c.Canary, hook));
            if (!hook.MuteAlert)
            {
                draft.Alert(AlertSeverity.Warn, "Canary is waiting for approval.");
            }
        }

        return draft.TellPassed(c, HookType.ConfirmRollout).AfterInterval("waiting for approval");
    }

    // A run from the start: counters at zero, hashes fresh, an id of its own.
    private static StepDraft Begin(StepContext c, int weight)
    {
        var (target, hash) = (c.Snapshot.Target!, c.Snapshot.TargetHash!);
        var draft = c.Draft().Finalizer(BootstrapGates.FinalizerFor(c)).Enter(CanaryPhase.Progressing);
        draft.Status = draft.Status with
        {
            RunId = RunIds.Of(c.Canary.Uid, hash, c.Now),
            StartedBy = c.Snapshot.Message.TargetHash == hash ? c.Snapshot.Message.User : null,
            LastAppliedSpec = hash,
            TargetGeneration = target.Generation(),
            CanaryWeight = weight,
            FailedChecks = 0,
            Iterations = 0,
            DeadlineAt = draft.Deadline(),
            Waits = 0,
            TrafficSince = weight > 0 ? c.Now : null,
            PassedHooks = [],
            Measurements = [],
            Conditions = Condition.Remove(draft.Status.Conditions, Condition.PendingRevision),
        };
        return draft;
    }
}
