namespace CanaryFunctions.Core.Canaries;

/// <summary>
/// Reasons of events, conditions, log lines and metric tags. Flagger gives every event the reason <c>Synced</c>, so that Kubernetes folds them into one;
/// ours differ by what happened.
/// </summary>
public static class Reasons
{
    /// <summary>The spec is valid and everything it refers to is there.</summary>
    public const string Accepted = nameof(Accepted);

    /// <summary>The spec has problems; the message lists all of them.</summary>
    public const string InvalidSpec = nameof(InvalidSpec);

    /// <summary>Something the spec refers to does not exist yet.</summary>
    public const string ReferenceMissing = nameof(ReferenceMissing);

    /// <summary>An older Canary has the same target.</summary>
    public const string DuplicateTarget = nameof(DuplicateTarget);

    /// <summary>Another controller writes the status of this Canary.</summary>
    public const string ForeignController = nameof(ForeignController);

    /// <summary>The served schema drops fields that a release cannot do without.</summary>
    public const string SchemaPrunesStatus = nameof(SchemaPrunesStatus);

    /// <summary><c>spec.suspend</c> is set.</summary>
    public const string Suspended = nameof(Suspended);

    /// <summary>The metric servers answer, or do not.</summary>
    public const string MetricsChecked = nameof(MetricsChecked);

    /// <summary>The primary serves.</summary>
    public const string Initialized = nameof(Initialized);

    /// <summary>The target has a new revision.</summary>
    public const string NewRevision = nameof(NewRevision);

    /// <summary>The target went back to the promoted revision.</summary>
    public const string Reverted = nameof(Reverted);

    /// <summary>The target differs from the primary without a release under way.</summary>
    public const string PendingRevision = nameof(PendingRevision);

    /// <summary>Pods are not ready yet.</summary>
    public const string NotReady = nameof(NotReady);

    /// <summary>A read or write of the cluster failed.</summary>
    public const string ClusterError = nameof(ClusterError);

    /// <summary>A hook said yes.</summary>
    public const string HookPassed = nameof(HookPassed);

    /// <summary>A hook failed.</summary>
    public const string HookFailed = nameof(HookFailed);

    /// <summary>There is no way from here to a hook, through the map, the proxy or the API server.</summary>
    public const string ServiceUnreachable = nameof(ServiceUnreachable);

    /// <summary>A confirm hook said no: somebody's approval is awaited.</summary>
    public const string WaitingForApproval = nameof(WaitingForApproval);

    /// <summary>The analysis began.</summary>
    public const string AnalysisStarted = nameof(AnalysisStarted);

    /// <summary>The canary got more traffic.</summary>
    public const string WeightAdvanced = nameof(WeightAdvanced);

    /// <summary>A metric is out of its bounds.</summary>
    public const string MetricFailed = nameof(MetricFailed);

    /// <summary>A metric has no values.</summary>
    public const string NoData = nameof(NoData);

    /// <summary>A metric could not be asked for.</summary>
    public const string MetricError = nameof(MetricError);

    /// <summary>The primary gets the analysed template.</summary>
    public const string Promoting = nameof(Promoting);

    /// <summary>Traffic went to one track as a whole.</summary>
    public const string Routed = nameof(Routed);

    /// <summary>The revision is promoted.</summary>
    public const string Promoted = nameof(Promoted);

    /// <summary>The release was given up.</summary>
    public const string RolledBack = nameof(RolledBack);

    /// <summary>The primary did not become ready with the new template.</summary>
    public const string PromotionFailed = nameof(PromotionFailed);

    /// <summary>The Canary is going.</summary>
    public const string Terminating = nameof(Terminating);
}
