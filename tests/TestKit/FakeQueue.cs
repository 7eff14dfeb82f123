using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.TestKit;

/// <summary>A queue that a test empties by hand, in the order in which messages fall due. Drops a message whose id it has seen, as the real ones do.</summary>
public sealed class FakeQueue(TimeProvider clock) : IStepQueue
{
    private readonly Lock _gate = new();
    private readonly List<QueueMessage> _waiting = [];
    private readonly HashSet<string> _seen = [];

    /// <summary>Called before a message is added; may throw.</summary>
    public Func<QueueMessage, Task>? BeforeEnqueue { get; set; }

    /// <summary>Called after a message was added; may throw.</summary>
    public Func<QueueMessage, Task>? AfterEnqueue { get; set; }

    /// <inheritdoc/>
    public bool OutlivesProcess { get; set; } = true;

    public IReadOnlyList<QueueMessage> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _waiting];
            }
        }
    }

    public async Task EnqueueAsync(QueueMessage message, CancellationToken ct)
    {
        if (BeforeEnqueue is { } before)
        {
            await before(message);
        }

        lock (_gate)
        {
            if (_seen.Add($"{message.Queue}/{message.Id}"))
            {
                _waiting.Add(message);
            }
        }

        if (AfterEnqueue is { } after)
        {
            await after(message);
        }
    }

    /// <summary>Forgets a message as if it had never been sent.</summary>
    public void Lose(QueueMessage message)
    {
        lock (_gate)
        {
            _waiting.Remove(message);
            _seen.Remove($"{message.Queue}/{message.Id}");
        }
    }

    /// <summary>Its process died: nothing is left of it, unless it outlives that.</summary>
    public void Die()
    {
        lock (_gate)
        {
            if (!OutlivesProcess)
            {
                _waiting.Clear();
                _seen.Clear();
            }
        }
    }

    /// <summary>Takes the message that falls due first; null when there is none.</summary>
    public QueueMessage? TakeNext()
    {
        lock (_gate)
        {
            var next = _waiting.MinBy(m => m.NotBefore ?? clock.GetUtcNow());
            if (next is not null)
            {
                _waiting.Remove(next);
            }

            return next;
        }
    }
}
