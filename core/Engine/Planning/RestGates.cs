using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>What a Canary without a release under way may need.</summary>
internal static class RestGates
{
    /// <summary>The hash changed though nobody changed the target: an upgraded API server fills in other defaults. That is no release.</summary>
    internal static StepDecision? Rebaseline(StepContext c)
    {
        var status = c.Status;
        if (!IsSettled(c) || !c.HasOtherRevision || c.TargetGenerationMoved)
        {
            return null;
        }

        var draft = c.Draft();
        draft.Status = draft.Status with
        {
            LastAppliedSpec = c.Snapshot.TargetHash,
            LastPromotedSpec = status.LastPromotedSpec == status.LastAppliedSpec ? c.Snapshot.TargetHash : status.LastPromotedSpec,
        };
        return KeepingItsTime(c, draft, "rebaselined");
    }

    /// <summary>The target was scaled, or labelled, and its template stayed: only the generation is noted, so that the sweep need not look again.</summary>
    internal static StepDecision? NoteGeneration(StepContext c)
    {
        var isDue = c.Status.NextStepAt <= c.Now || c.Status.ObservedGeneration != c.Canary.Generation;
        if (!IsSettled(c) || isDue || !c.TargetGenerationMoved || c.Snapshot.TargetHash != c.Status.LastAppliedSpec || LacksPrimary(c))
        {
            return null;
        }

        var draft = c.Draft();
        draft.Status = draft.Status with { TargetGeneration = c.Snapshot.Target!.Generation() };
        return KeepingItsTime(c, draft, "noted the target's generation");
    }

    /// <summary>After a release that was given up the target went back to the promoted revision: the same bad one, set again, is then a change.</summary>
    internal static StepDecision? RevertedAfterFailure(StepContext c)
    {
        if (c.Status.Phase != CanaryPhase.Failed || !c.IsAtPromotedRevision || c.Status.LastAppliedSpec == c.Status.LastPromotedSpec || c.Snapshot.Primary is null)
        {
            return null;
        }

        var draft = c.Draft();
        draft.Status = draft.Status with { LastAppliedSpec = c.Snapshot.TargetHash, TargetGeneration = c.Snapshot.Target!.Generation() };
        return KeepingItsTime(c, draft, "reverted after failure");
    }

    /// <summary>
    /// Somebody deleted the primary. It comes back when the target still is what was promoted, or is so again; an unproven template is never put in its
    /// place, and the canary's pods, if there are any, get the traffic meanwhile.
    /// </summary>
    internal static StepDecision? PrimaryMissing(StepContext c)
    {
        // A promotion makes it anew from the analysed template, so let it come to that.
        if (c.Snapshot.Primary is not null || BootstrapGates.IsBootstrapping(c) || c.Status.Phase is CanaryPhase.Promoting or CanaryPhase.Finalising)
        {
            return null;
        }

        return c.IsAtPromotedRevision ? MakeAgain(c)
            : PhaseTransitions.IsRunning(c.Status.Phase) || c.CanaryServesAlone ? null
            : Gates.Held(c.Snapshot, Reasons.NotReady,
                $"{c.Canary.PrimaryName}.{c.Canary.Namespace} is missing and {c.Canary.TargetName}.{c.Canary.Namespace} is not the promoted revision: "
                + "set the target back to the promoted revision and the primary is made again.", TimeSpan.FromSeconds(30));
    }

    /// <summary>At rest without a primary, and that is not as it has to be: only a revision that failed goes on without one.</summary>
    internal static bool LacksPrimary(StepContext c) => c.Snapshot.Primary is null && (c.IsAtPromotedRevision || !c.CanaryServesAlone);

    /// <summary>After the end of a run the target goes to zero once traffic has left it; and an edited spec takes effect on the generated objects.</summary>
    internal static StepDecision? Clean(StepContext c)
    {
        if (!IsSettled(c))
        {
            return null;
        }

        var draft = c.Draft().WithServices(c).WithPrimaryScaler(c, update: true);
        draft.Split = TrafficSplit.ToCanary(c.Status.CanaryWeight);
        var isOver = c.Status.NextStepAt is not null && c.Status.CanaryWeight == 0;
        if (isOver && c.Snapshot.ReadyPrimaryPods == 0 && TrackObjects.ScaleTarget(c, 0) is not null)
        {
            // The canary stands in, as far as it can, until the primary serves again; only then does it go.
            return draft.Waiting("waiting for the primary to take over");
        }

        if (isOver && c.Status.Waits > 0 && TrackObjects.ScaleTarget(c, 0) is not null)
        {
            draft.Status = draft.Status with { DeadlineAt = null, Waits = 0 };
            return draft.After(StepDraft.Drain, "the primary took over");
        }

        draft.Status = draft.Status with { DeadlineAt = null, Waits = 0 };
        return (isOver ? draft.Finish(TrackObjects.ScaleTarget(c, 0)) : draft).AtRest("at rest");
    }

    // Where the canary had all users it gives them back once the primary is ready, as after any release.
    private static StepDecision MakeAgain(StepContext c)
    {
        var draft = c.Draft().WithServices(c).WithNewPrimary(c).WithPrimaryScaler(c, update: false);
        draft.Status = draft.Status with
        {
            CanaryWeight = IsSettled(c) ? 0 : c.Status.CanaryWeight,
            LastAppliedSpec = c.Snapshot.TargetHash,
            TargetGeneration = c.Snapshot.Target!.Generation(),
        };
        return draft.Warning(Reasons.NotReady, $"{c.Canary.PrimaryName}.{c.Canary.Namespace} was missing and is made again from the promoted revision")
            .Waiting("making the primary again");
    }

    private static StepDecision KeepingItsTime(StepContext c, StepDraft draft, string reason)
        => c.Status.NextStepAt is { } due ? draft.After((due - c.Now) * c.Snapshot.Options.Speed, reason) : draft.AtRest(reason);

    private static bool IsSettled(StepContext c) => PhaseTransitions.IsAtRest(c.Status.Phase);
}
