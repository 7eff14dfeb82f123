using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues;

/// <summary>The log lines of queues: 3100-3199.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(3100, LogLevel.Warning, "Nothing could be received from {Queue}: {Error} Trying again, at last every {Delay}.")]
    public static partial void ReceiveFailed(this ILogger logger, string queue, string error, TimeSpan delay);

    [LoggerMessage(3101, LogLevel.Information, "Receiving from {Queue} works again.")]
    public static partial void ReceiveRecovered(this ILogger logger, string queue);

    [LoggerMessage(3102, LogLevel.Warning, "Message {MessageId} of {Queue} was lost to another receiver while it was being handled; it is handled again.")]
    public static partial void LockLost(this ILogger logger, string queue, string messageId);

    [LoggerMessage(3103, LogLevel.Warning, "Message {MessageId} of {Queue} could not be settled and comes again: {Error}")]
    public static partial void SettleFailed(this ILogger logger, string queue, string messageId, string error);

    [LoggerMessage(3104, LogLevel.Warning, "The lock of message {MessageId} of {Queue} could not be renewed: {Error}")]
    public static partial void RenewFailed(this ILogger logger, string queue, string messageId, string error);

    [LoggerMessage(3105, LogLevel.Warning, "Message {MessageId} of {Queue} went to {PoisonQueue} after {DeliveryCount} deliveries: {Reason}")]
    public static partial void MessageBuried(this ILogger logger, string queue, string messageId, string poisonQueue, int deliveryCount, string reason);

    [LoggerMessage(3106, LogLevel.Information, "Created the queue {Queue}, which did not exist.")]
    public static partial void QueueCreated(this ILogger logger, string queue);
}
