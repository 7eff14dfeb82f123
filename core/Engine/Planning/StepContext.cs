using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>What a gate decides on: what was read, and what was answered so far.</summary>
internal sealed record StepContext(RolloutSnapshot Snapshot, CheckAnswers Answers)
{
    internal Canary Canary => Snapshot.Canary;

    internal CanarySpec Spec => Canary.Spec;

    internal CanaryStatus Status => Canary.Status;

    internal DateTimeOffset Now => Snapshot.Now;

    internal StepDraft Draft() => new StepDraft(Snapshot).Note(this);

    /// <summary>Whether the target's template is neither the one taken up last nor the promoted one.</summary>
    internal bool HasOtherRevision => Snapshot.TargetHash is { } hash && hash != Status.LastAppliedSpec && hash != Status.LastPromotedSpec;

    /// <summary>Whether the target is what was promoted last.</summary>
    internal bool IsAtPromotedRevision => Snapshot.TargetHash is { } hash && hash == Status.LastPromotedSpec;

    /// <summary>Whether somebody changed the target since its revision was recorded. A hash that changed without it is the API server's doing.</summary>
    internal bool TargetGenerationMoved => Snapshot.Target is { } target && target.Generation() != Status.TargetGeneration;

    /// <summary>The promotion failed and the canary has all the traffic: the primary is not to be trusted.</summary>
    internal bool CanaryServesAlone => Status.CanaryServesAlone;
}

/// <summary>One question in a fixed order; null means it has no objection and the next is asked.</summary>
internal delegate StepDecision? Gate(StepContext context);
