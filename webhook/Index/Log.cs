namespace CanaryFunctions.Webhook.Index;

internal static partial class Log
{
    [LoggerMessage(5060, LogLevel.Warning, "The cluster does not let us watch {Plural}, so admission says nothing about them; asks again in {Delay}.")]
    public static partial void WatchRefused(this ILogger logger, Exception exception, string plural, TimeSpan delay);
}
