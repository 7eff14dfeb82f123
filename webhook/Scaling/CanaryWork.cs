using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>What one Canary asks of workers. The same on every replica, for it comes from the Canary alone.</summary>
/// <param name="Target">Name of its target, a Deployment of the same namespace.</param>
internal sealed record CanaryWork(CanaryKey Key, string Target)
{
    /// <summary>A release, the first start or the end of the Canary is under way: workers stay until it is over, also while it waits for its next step.</summary>
    public bool IsRunning { get; init; }

    /// <summary>It is new, edited or being deleted, and nobody has looked at that yet.</summary>
    public bool IsUnseen { get; init; }

    /// <summary>What it has to tell and has not sent yet.</summary>
    public int Notices { get; init; }

    /// <summary>When the next look is due; null when none is, or when somebody has to do something first.</summary>
    public DateTimeOffset? NextStepAt { get; init; }

    /// <summary>Generation of the target that a worker has looked at; a newer one may be a release. Null while that does not matter.</summary>
    public long? KnownGeneration { get; init; }

    public static CanaryWork Of(JsonObject raw)
    {
        var canary = Canary.From(raw);
        var status = canary.Status;
        var isGoing = raw.IsBeingDeleted();
        var isParked = !isGoing && IsParked(canary);
        return new(canary.Key, canary.TargetName)
        {
            IsRunning = !isParked && !PhaseTransitions.IsAtRest(status.Phase) && (status.Phase != CanaryPhase.None || !IsHeld(status)),
            IsUnseen = !isParked && (canary.Generation != status.ObservedGeneration || (isGoing && status.Phase is not (CanaryPhase.Terminating or CanaryPhase.Terminated))),
            Notices = status.Outbox.Count,
            NextStepAt = isParked ? null : status.NextStepAt,
            KnownGeneration = isParked || !PhaseTransitions.IsAtRest(status.Phase) ? null : status.TargetGeneration,
        };
    }

    private static bool IsHeld(CanaryStatus status) => status.Condition(Condition.Accepted) is { Status: Condition.False };

    // Nothing moves before somebody changes the spec; and that a worker has said so is in the conditions.
    private static bool IsParked(Canary canary)
        => (canary.Spec.Suspend && canary.Status.Condition(Condition.Suspended) is not null)
            || (IsHeld(canary.Status) && canary.Status.NextStepAt is null && canary.Generation == canary.Status.ObservedGeneration);
}
