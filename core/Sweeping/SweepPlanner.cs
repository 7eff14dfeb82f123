using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>Which Canaries need a look that no message will bring: overdue, stuck, new, edited, going, or with a target that changed unseen. Pure.</summary>
public static class SweepPlanner
{
    /// <summary>How late a step may be before the sweep takes its message for lost; real time.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <param name="canaries">All Canaries.</param>
    /// <param name="deployments">Metadata of all Deployments.</param>
    /// <param name="share">Which of the Canaries to look at.</param>
    public static IReadOnlyList<SweepFinding> Find(IEnumerable<JsonObject> canaries, IEnumerable<JsonObject> deployments, SweepShare share, DateTimeOffset now)
    {
        var generations = deployments.ToDictionary(d => (d.Namespace(), d.Name()), d => d.Generation());
        return [.. canaries.Where(c => share.Has(c.Uid())).Select(Canary.From)
            .Select(c => (Canary: c, Why: Why(c, generations.GetValueOrDefault((c.Namespace, c.TargetName)), generations.ContainsKey((c.Namespace, c.PrimaryName)), now)))
            .Where(f => f.Why is not null || (share.TakesOver && f.Canary.Status.NextStepAt is not null))
            .Select(f => new SweepFinding(f.Canary, f.Why))];
    }

    private static string? Why(Canary canary, long targetGeneration, bool hasPrimary, DateTimeOffset now)
    {
        var status = canary.Status;
        var accepted = status.Condition(Condition.Accepted);
        var isHeld = accepted is { Status: Condition.False };
        return status.Phase == CanaryPhase.None && !isHeld ? "new"
            : isHeld && accepted!.Reason == Reasons.SchemaPrunesStatus ? "held until its definition is repaired"
            : canary.Generation != status.ObservedGeneration ? "edited"
            : status.Outbox.Count > 0 && !status.ClearsSoon(now) ? "has not told everything"
            : status.NextStepAt + Grace <= now ? "overdue"
            : status.NextStepAt - now > canary.LongestWait + Grace ? "due later than any step waits: the clock was set back"
            : canary.Raw.IsBeingDeleted() && status.Phase != CanaryPhase.Terminating ? "being deleted"
            : (isHeld && status.NextStepAt is null) || canary.Spec.Suspend ? null
            : PhaseTransitions.IsAtRest(status.Phase) ? WhyAtRest(status, isHeld, targetGeneration, hasPrimary)
            : status.NextStepAt is null ? "stuck"
            : null;
    }

    // Without a target there is nothing to look at, and a revision that failed and serves goes on without a primary.
    private static string? WhyAtRest(CanaryStatus status, bool isHeld, long targetGeneration, bool hasPrimary)
        => targetGeneration == 0 ? null
            : targetGeneration != status.TargetGeneration ? "target changed"
            : !isHeld && !hasPrimary && (!status.CanaryServesAlone || status.LastAppliedSpec == status.LastPromotedSpec) ? "without its primary"
            : null;
}

/// <summary>One Canary to look at.</summary>
/// <param name="Why">What is amiss; null for one that is on its way, whose message may be lost.</param>
public sealed record SweepFinding(Canary Canary, string? Why);
