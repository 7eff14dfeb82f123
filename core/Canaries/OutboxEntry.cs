using CanaryFunctions.Core.Notifying;

namespace CanaryFunctions.Core.Canaries;

/// <summary>Something a transition has to tell: a Kubernetes event, an alert, or post-rollout hooks to call.</summary>
/// <param name="Step">The step that said it.</param>
/// <param name="Index">Place within the step; events come out in this order.</param>
/// <param name="Kind">What is to be done with it.</param>
/// <param name="Phase">Phase that hooks are told.</param>
public sealed record OutboxEntry(long Step, int Index, OutboxKind Kind, string Phase)
{
    /// <summary>Events: Normal or Warning.</summary>
    public bool IsWarning { get; init; }

    /// <summary>Events: one of <see cref="Reasons"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Text of the event or the alert.</summary>
    public string Message { get; init; } = "";

    /// <summary>Alerts only.</summary>
    public AlertSeverity Severity { get; init; }

    /// <summary>Alerts only: with the fields that describe the release (contracts/hooks-alerts.md 2.2).</summary>
    public bool WithMetadata { get; init; }

    /// <summary>The run that it belongs to: it may be told when the next one has begun. Null for the status' own.</summary>
    public string? RunId { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset At { get; init; }
}

public enum OutboxKind
{
    Event,
    Alert,
    PostRollout,
}
