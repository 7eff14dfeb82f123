using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>A message on loan. Settle it before the visibility timeout ends, or it is delivered again and settling this lease does nothing.</summary>
public sealed class Lease : IMessageLease
{
    private readonly NamedQueue _owner;

    internal Lease(NamedQueue owner, QueueMessage message, int deliveryCount)
        => (_owner, Message, DeliveryCount) = (owner, message, deliveryCount);

    /// <inheritdoc/>
    public QueueMessage Message { get; }

    /// <inheritdoc/>
    public int DeliveryCount { get; }

    /// <inheritdoc/>
    public bool IsCurrent => _owner.IsCurrent(this);

    /// <inheritdoc/>
    public Task CompleteAsync()
    {
        _owner.Complete(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> AbandonAsync(TimeSpan delay, string reason = "abandoned") => Task.FromResult(_owner.Abandon(this, delay, reason));

    /// <inheritdoc/>
    public Task ReturnAsync(TimeSpan delay)
    {
        _owner.Return(this, delay);
        return Task.CompletedTask;
    }
}
