using System.Collections.Concurrent;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>
/// Queues in memory, with delays, at-least-once delivery, duplicate detection and dead letters. What is in them dies with the process; the sweep
/// brings it back.
/// </summary>
public sealed class InProcessQueue(TimeProvider time, InProcessQueueOptions? options = null) : IStepQueue, IQueueReceiver, IDisposable
{
    private readonly ConcurrentDictionary<string, NamedQueue> _queues = new(StringComparer.Ordinal);
    private readonly InProcessQueueOptions _options = options ?? new InProcessQueueOptions();

    /// <inheritdoc/>
    public bool OutlivesProcess => false;

    /// <inheritdoc/>
    /// <remarks>
    /// A message is dropped while another of its id waits or is in flight, and within the duplicate window after one was accepted. So a message that
    /// shall come again later needs an id of its own, made of the time it is due.
    /// </remarks>
    public Task EnqueueAsync(QueueMessage message, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Of(message.Queue).Enqueue(message);
        return Task.CompletedTask;
    }

    /// <summary>The next message that is due; waits for one.</summary>
    public Task<Lease> ReceiveAsync(string queue, CancellationToken ct) => Of(queue).ReceiveAsync(ct);

    async Task<IMessageLease> IQueueReceiver.ReceiveAsync(string queue, CancellationToken ct) => await ReceiveAsync(queue, ct);

    public QueueDepth Depth(string queue) => Of(queue).Depth();

    /// <summary>The dead letters, oldest first; at most the last 1000 are kept.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters(string queue) => Of(queue).DeadLetters();

    public void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Dispose();
        }
    }

    private NamedQueue Of(string name) => _queues.GetOrAdd(name, _ => new NamedQueue(_options, time));
}
