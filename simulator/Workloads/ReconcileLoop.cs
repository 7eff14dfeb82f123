using System.Threading.Channels;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>
/// Looks at objects by key, one at a time. A key that is added while it waits is looked at once; a key that is added while it is looked at
/// is looked at again. Failures are tried again with a growing delay.
/// </summary>
/// <param name="name">For log lines.</param>
/// <param name="reconcile">Looks at the object and brings the cluster closer to it; returns when to look again without being told, or null.</param>
internal sealed class ReconcileLoop(string name, TimeProvider time, ILogger logger, Func<ObjectKey, CancellationToken, Task<TimeSpan?>> reconcile)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    private readonly Channel<ObjectKey> _queue = Channel.CreateUnbounded<ObjectKey>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<ObjectKey> _waiting = [];
    private readonly Dictionary<ObjectKey, ITimer> _timers = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly Lock _lock = new();

    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            if (!_waiting.Add(key))
            {
                return;
            }
        }

        _queue.Writer.TryWrite(key);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var key in _queue.Reader.ReadAllAsync(ct))
            {
                lock (_lock)
                {
                    _waiting.Remove(key);
                }

                if (await LookAsync(key, ct) is { } after)
                {
                    AddAfter(key, after);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The cluster stops.
        }
        finally
        {
            StopTimers();
        }
    }

    private async Task<TimeSpan?> LookAsync(ObjectKey key, CancellationToken ct)
    {
        try
        {
            var again = await reconcile(key, ct);
            _failures.Remove(key);
            return again;
        }
        catch (ClusterException e) when (e.IsConflict || e.IsNotFound)
        {
            // The cache is behind; the change that it has not seen yet may also be the last one, so waiting for it alone is not enough.
            logger.ReconcileRaced(name, key, e.Message);
            return Backoff(key);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            logger.ReconcileFailed(name, key, e);
            return Backoff(key);
        }
    }

    private TimeSpan Backoff(ObjectKey key)
    {
        var failures = _failures[key] = Math.Min(_failures.GetValueOrDefault(key) + 1, 8);
        var delay = FirstRetry * Math.Pow(2, failures - 1);
        return delay < LastRetry ? delay : LastRetry;
    }

    private void AddAfter(ObjectKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_timers.Remove(key, out var old))
            {
                old.Dispose();
            }

            _timers[key] = time.CreateTimer(_ => Add(key), null, delay < TimeSpan.Zero ? TimeSpan.Zero : delay, Timeout.InfiniteTimeSpan);
        }
    }

    private void StopTimers()
    {
        lock (_lock)
        {
            foreach (var timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }
}
