using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform;

/// <summary>The log lines of this project: 3000-3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Error, "Function {Function} failed on message {MessageId}, delivery {DeliveryCount}; it comes again in {Delay}.")]
    public static partial void MessageFailed(this ILogger logger, Exception error, string function, string messageId, int deliveryCount, TimeSpan delay);

    [LoggerMessage(3001, LogLevel.Error, "Function {Function} gave up on message {MessageId} after {DeliveryCount} deliveries; it is kept as a dead letter.")]
    public static partial void MessageDied(this ILogger logger, Exception error, string function, string messageId, int deliveryCount);

    [LoggerMessage(3002, LogLevel.Error, "Function {Function} failed; the next run is at its next time.")]
    public static partial void TimerFailed(this ILogger logger, Exception error, string function);

    [LoggerMessage(3003, LogLevel.Error, "Invocation {InvocationId} of function {Function} failed.")]
    public static partial void InvocationFailed(this ILogger logger, Exception error, string function, string invocationId);

    [LoggerMessage(3004, LogLevel.Error, "The Functions host called {Function}, which this process does not have; it has: {Functions}.")]
    public static partial void FunctionUnknown(this ILogger logger, string function, string functions);

    [LoggerMessage(3005, LogLevel.Information, "Serving {Functions} to the Functions host on port {Port}.")]
    public static partial void CustomHandlerStarted(this ILogger logger, string functions, int port);

    [LoggerMessage(3006, LogLevel.Warning, "Function {Function} put message {MessageId} off until {NotBefore}: {Error}")]
    public static partial void MessagePutOff(this ILogger logger, string function, string messageId, DateTimeOffset notBefore, string error);

    [LoggerMessage(3007, LogLevel.Warning, "The Functions host went away from invocation {InvocationId} of function {Function}; what triggered it comes again.")]
    public static partial void HostGone(this ILogger logger, string function, string invocationId);
}
