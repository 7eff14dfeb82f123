using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>One watch a kind, shared by every part of the embedded cluster that reads it.</summary>
public sealed class ClusterCache(IClusterClient client, TimeProvider time, ILogger<ClusterCache> logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ResourceKind, ObjectCache> _caches = [];
    private readonly List<Task> _watches = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();

    /// <summary>The cache of a kind; the first call starts its watch.</summary>
    public ObjectCache For(ResourceKind kind)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (!_caches.TryGetValue(kind, out var cache))
            {
                cache = new ObjectCache(kind);
                _caches.Add(kind, cache);
                _watches.Add(Task.Run(() => FollowAsync(cache, _stopping.Token)));
            }

            return cache;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] watches;
        lock (_lock)
        {
            _stopping.Cancel();
            watches = [.. _watches];
        }

        await Task.WhenAll(watches);
        _stopping.Dispose();
    }

    private async Task FollowAsync(ObjectCache cache, CancellationToken ct)
    {
        var delay = FirstRetry;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in client.WatchAsync(cache.Kind, null, new ListOptions(), ct))
                {
                    cache.Apply(change);
                    delay = FirstRetry;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (ClusterException e)
            {
                logger.WatchFailed(cache.Kind, e);
            }

            await Task.Delay(delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LastRetry ? delay * 2 : LastRetry;
        }
    }
}
