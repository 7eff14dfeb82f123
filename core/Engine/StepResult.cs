namespace CanaryFunctions.Core.Engine;

/// <summary>What came of a step.</summary>
/// <param name="Reason">For logs.</param>
/// <param name="NextAt">When the successor is due; null when there is none, or it is on its way already.</param>
public sealed record StepResult(string Reason, DateTimeOffset? NextAt)
{
    /// <summary>The announced change is not to be seen yet: look again shortly, a bounded number of times.</summary>
    public bool LookAgain { get; init; }

    /// <summary>No step was taken: the pods are as they were. Look again after this long, wall clock.</summary>
    public TimeSpan? AgainAfter { get; init; }

    public static StepResult AtRest(string reason) => new(reason, null);
}
