using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues;

/// <summary>Takes messages off queues, for processes that no Functions host calls.</summary>
public interface IQueueReceiver
{
    /// <summary>The next message that is due; waits for one, through outages too. Ends only with the token.</summary>
    /// <param name="queue">One of <see cref="QueueNames"/>.</param>
    Task<IMessageLease> ReceiveAsync(string queue, CancellationToken ct);
}

/// <summary>
/// A message on loan. Settle it once; not settled in time it is delivered again, and settling it then does nothing. Settling never throws: where the queue
/// cannot be reached the message comes again.
/// </summary>
public interface IMessageLease
{
    QueueMessage Message { get; }

    /// <summary>1 for the first delivery.</summary>
    int DeliveryCount { get; }

    /// <summary>False once the message was settled, or its time is up.</summary>
    bool IsCurrent { get; }

    /// <summary>The message is done with.</summary>
    Task CompleteAsync();

    /// <summary>The message comes again after the delay, unless it has been delivered too often: then it becomes a dead letter, and the answer is false.</summary>
    /// <param name="reason">Kept with the dead letter where the queue has a place for it.</param>
    Task<bool> AbandonAsync(TimeSpan delay, string reason = "abandoned");

    /// <summary>
    /// The message comes again after the delay: it never reached a handler that could judge it. In process this delivery does not count; other queues count
    /// what they delivered.
    /// </summary>
    Task ReturnAsync(TimeSpan delay);
}
