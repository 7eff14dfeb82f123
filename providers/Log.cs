using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Providers;

/// <summary>Every line that the providers log: ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "{Server} answered with warnings, the value may be partial: {Warnings}")]
    public static partial void QueryAnsweredWithWarnings(this ILogger logger, string server, string warnings);
}
