using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues;

/// <summary>Takes messages off one queue and hands them to a function: done on success, again after a growing delay on an exception.</summary>
/// <param name="function">Name of the function, for logs.</param>
public sealed class QueuePump(
    IQueueReceiver queue,
    string queueName,
    string function,
    Func<Delivered<QueueMessage>, CancellationToken, Task> handle,
    QueuePumpOptions options,
    TimeProvider time,
    ILogger<QueuePump> logger) : BackgroundService
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    /// <summary>Keys that a handler works on, each with the messages that came for it meanwhile.</summary>
    private readonly Dictionary<string, Queue<IMessageLease>> _busy = new(StringComparer.Ordinal);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => Task.Run(() => WorkAsync(stoppingToken), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            IMessageLease? lease;
            try
            {
                lease = await queue.ReceiveAsync(queueName, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }

            var key = KeyOf(lease);
            if (key is not null && !Enter(key, lease))
            {
                continue;   // the worker that has the key takes this one next
            }

            for (; lease is not null; lease = key is null ? null : Leave(key))
            {
                if (lease.IsCurrent)
                {
                    await HandleAsync(lease, ct);
                }
            }
        }
    }

    private string? KeyOf(IMessageLease lease)
    {
        try
        {
            return options.Partition?.Invoke(lease.Message);
        }
        catch (Exception) when (options.Partition is not null)
        {
            // A body without a key is one that the handler cannot read either, and the handler is what reports it.
            return null;
        }
    }

    /// <summary>False when another worker has the key: it was given the message.</summary>
    private bool Enter(string key, IMessageLease lease)
    {
        lock (_gate)
        {
            if (_busy.TryGetValue(key, out var parked))
            {
                parked.Enqueue(lease);
                return false;
            }

            _busy.Add(key, new Queue<IMessageLease>());
            return true;
        }
    }

    /// <summary>The next message of the key; null when there is none, and the key is free again.</summary>
    private IMessageLease? Leave(string key)
    {
        lock (_gate)
        {
            if (_busy[key].TryDequeue(out var next))
            {
                return next;
            }

            _busy.Remove(key);
            return null;
        }
    }

    private async Task HandleAsync(IMessageLease lease, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await handle(new Delivered<QueueMessage>(lease.Message, lease.Message.Id, lease.DeliveryCount), either.Token);
            await lease.CompleteAsync();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process ends; that says nothing about the message.
            await lease.ReturnAsync(TimeSpan.Zero);
        }
        catch (Exception e)
        {
            var delay = options.RetryDelay * Math.Pow(2, Math.Min(lease.DeliveryCount - 1, 16));
            delay = delay < LongestDelay ? delay : LongestDelay;
            if (await lease.AbandonAsync(delay, e.Message))
            {
                logger.MessageFailed(e, function, lease.Message.Id, lease.DeliveryCount, delay);
            }
            else
            {
                logger.MessageDied(e, function, lease.Message.Id, lease.DeliveryCount);
            }
        }
    }
}
