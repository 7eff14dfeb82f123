using CanaryFunctions.Webhook.Scaling.Grpc;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>The log lines of the external scaler: 5100-5199.</summary>
internal static partial class ScalingLog
{
    [LoggerMessage(5100, LogLevel.Information, "KEDA's external scaler listens on {Address}.")]
    public static partial void ScalerListening(this ILogger logger, Uri address);

    [LoggerMessage(5101, LogLevel.Debug, "Call of {Path} ended with {Code}: {Problem}")]
    public static partial void CallRefused(this ILogger logger, string? path, GrpcCode code, string problem);

    [LoggerMessage(5102, LogLevel.Error, "Call of {Path} failed.")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string? path);

    [LoggerMessage(5103, LogLevel.Warning, "The queues could not be read; calls are answered with UNAVAILABLE: {Problem}")]
    public static partial void QueuesUnreadable(this ILogger logger, string problem);

    [LoggerMessage(5104, LogLevel.Debug, "Told ScaledObject {Name}.{Namespace}: active {IsActive}.")]
    public static partial void ActivityPushed(this ILogger logger, string name, string @namespace, bool isActive);
}
