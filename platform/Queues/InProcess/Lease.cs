using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>A message on loan. Settle it before the visibility timeout ends, or it is delivered again and settling this lease does nothing.</summary>
public sealed class Lease
{
    private readonly NamedQueue _owner;

    internal Lease(NamedQueue owner, QueueMessage message, int deliveryCount)
        => (_owner, Message, DeliveryCount) = (owner, message, deliveryCount);

    public QueueMessage Message { get; }

    /// <summary>1 for the first delivery.</summary>
    public int DeliveryCount { get; }

    /// <summary>False once the message was settled, or its time is up.</summary>
    public bool IsCurrent => _owner.IsCurrent(this);

    /// <summary>The message is done with.</summary>
    public Task CompleteAsync()
    {
        _owner.Complete(this);
        return Task.CompletedTask;
    }

    /// <summary>The message comes again after the delay, unless it has been delivered too often: then it becomes a dead letter, and the answer is false.</summary>
    /// <param name="reason">Kept with the dead letter.</param>
    public Task<bool> AbandonAsync(TimeSpan delay, string reason = "abandoned") => Task.FromResult(_owner.Abandon(this, delay, reason));

    /// <summary>The message comes again after the delay, and this delivery does not count: it never reached a handler that could judge it.</summary>
    public Task ReturnAsync(TimeSpan delay)
    {
        _owner.Return(this, delay);
        return Task.CompletedTask;
    }
}
