using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Api;

/// <summary>Log lines of the embedded API server: ids 7000-7099.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Error, "Failed to answer {Verb} {Path}.")]
    public static partial void RequestFailed(this ILogger logger, string verb, string path, Exception exception);

    [LoggerMessage(7001, LogLevel.Information, "Put off collecting {Kind} {Key}: {Reason}")]
    public static partial void CollectionDelayed(this ILogger logger, string kind, string key, string reason);
}
