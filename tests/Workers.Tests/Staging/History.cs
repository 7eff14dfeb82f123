using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>Every version of every object of some kinds, as a watch that is never behind tells of them.</summary>
internal sealed class History : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Kind, string Name), ConcurrentQueue<Version>> _versions = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _following;
    private int _gaps;

    internal History(IClusterClient cluster, IEnumerable<ResourceKind> kinds)
        => _following = Task.WhenAll(kinds.Select(kind => Task.Run(() => FollowAsync(cluster, kind))));

    /// <summary>Times that a watch had to begin anew: what came between is not known.</summary>
    internal int Gaps => Volatile.Read(ref _gaps);

    /// <summary>Oldest first; empty for an object that never was.</summary>
    internal IReadOnlyList<Version> Of(ResourceKind kind, string name) => _versions.TryGetValue((kind.Kind, name), out var versions) ? [.. versions] : [];

    internal JsonObject? Latest(ResourceKind kind, string name) => Of(kind, name) is [.., var last] ? last.Object : null;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following;
        _ending.Dispose();
    }

    private async Task FollowAsync(IClusterClient cluster, ResourceKind kind)
    {
        var resets = 0;
        try
        {
            await foreach (var change in cluster.WatchAsync(kind, Fleet.Namespace, new(), _ending.Token))
            {
                if (change.Type == WatchEventType.Reset && ++resets > 1)
                {
                    Interlocked.Increment(ref _gaps);
                }
                else if (change.Object is { } obj)
                {
                    _versions.GetOrAdd((kind.Kind, obj.Name()), _ => new()).Enqueue(new(TimeProvider.System.GetUtcNow(), obj));
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Enough was seen.
        }
    }
}

/// <summary>An object as it once was.</summary>
/// <param name="At">When that was heard here, which is after it was stored.</param>
internal sealed record Version(DateTimeOffset At, JsonObject Object);
