using CanaryFunctions.Core.Objects;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

internal static partial class WorkloadLog                            // simulator's workloads: 5100-5199
{
    [LoggerMessage(5100, LogLevel.Warning, "The watch of {Kind} ended; it starts again.")]
    public static partial void WatchFailed(this ILogger logger, ResourceKind kind, Exception cause);

    [LoggerMessage(5101, LogLevel.Debug, "{Controller} looked at {Object} at the same time as somebody else wrote it; it looks again: {Problem}")]
    public static partial void ReconcileRaced(this ILogger logger, string controller, ObjectKey @object, string problem);

    [LoggerMessage(5102, LogLevel.Warning, "{Controller} could not reconcile {Object}; it tries again.")]
    public static partial void ReconcileFailed(this ILogger logger, string controller, ObjectKey @object, Exception cause);

    [LoggerMessage(5103, LogLevel.Warning, "The event {Reason} about {Object} was not stored.")]
    public static partial void EventLost(this ILogger logger, string reason, ObjectKey @object, Exception cause);
}
