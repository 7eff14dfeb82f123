using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>Log lines of the metrics part of the simulator: 5400-5499.</summary>
internal static partial class Log
{
    [LoggerMessage(5400, LogLevel.Information, "Scraped {Target} with success again.")]
    public static partial void TargetUp(this ILogger logger, Uri target);

    [LoggerMessage(5401, LogLevel.Warning, "Failed to scrape {Target}.")]
    public static partial void TargetDown(this ILogger logger, Uri target, Exception reason);
}
