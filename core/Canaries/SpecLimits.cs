namespace CanaryFunctions.Core.Canaries;

/// <summary>
/// How much a Canary may ask for. The status holds what a step has to tell until it is told, and stays under 32 KiB (rule 6 of the design): a step says at
/// most one thing of each hook. A test computes the largest status from these.
/// </summary>
public static class SpecLimits
{
    /// <summary>Entries of <c>analysis.webhooks</c>. Those that passed are remembered, and not asked again; half of that memory is for other texts.</summary>
    public const int MaxHooks = 20;

    /// <summary>Entries of <c>analysis.alerts</c>. Who took a notice is remembered for the last 64 deliveries, which is four notices to each.</summary>
    public const int MaxAlerts = 16;

    /// <summary>Entries of <c>analysis.metrics</c>: all are asked at once.</summary>
    public const int MaxMetrics = 50;

    /// <summary>Bytes of UTF-8 in the name of a hook, metric or alert. Names stand in events.</summary>
    public const int MaxNameBytes = 100;
}
