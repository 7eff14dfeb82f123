using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Cli.Output;

/// <summary>Follows Canaries and their events as any client can, tells the narrator, and lets others wait for a state.</summary>
internal sealed class ReleaseFeed(IClusterClient cluster, Narrator narrator, TimeProvider time)
{
    private readonly ConcurrentDictionary<CanaryKey, Canary> _canaries = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly Lock _gate = new();
    private readonly List<SeenEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Events so far, in the order in which they came.</summary>
    internal IReadOnlyList<SeenEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    internal Task RunAsync(CancellationToken ct) => Task.WhenAll(FollowCanariesAsync(ct), FollowEventsAsync(ct));

    internal Canary? Find(CanaryKey key) => _canaries.GetValueOrDefault(key);

    /// <summary>Completes when the condition holds; false when the time (wall clock) is over first.</summary>
    internal async Task<bool> WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + limit;
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (condition())
            {
                return true;
            }

            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            try
            {
                await changed.WaitAsync(left, time, ct);
            }
            catch (TimeoutException)
            {
                return condition();
            }
        }
    }

    private async Task FollowCanariesAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var change in cluster.WatchAsync(Kinds.Canary, null, new(), ct))
            {
                if (change.Object is { } found)
                {
                    Take(Canary.From(found), change.Type == WatchEventType.Deleted);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private void Take(Canary canary, bool isDeleted)
    {
        var old = _canaries.GetValueOrDefault(canary.Key);
        if (isDeleted)
        {
            _canaries.TryRemove(canary.Key, out _);
        }
        else
        {
            _canaries[canary.Key] = canary;
        }

        if (old is not null && !isDeleted && old.Status.CanaryWeight != canary.Status.CanaryWeight)
        {
            narrator.Weights(canary.Key.ToString(), TrafficSplit.ToCanary(canary.Status.CanaryWeight));
        }

        Signal();
    }

    private async Task FollowEventsAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var change in cluster.WatchAsync(Kinds.Event, null, new(FieldSelector: "involvedObject.kind=Canary"), ct))
            {
                if (change is { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } found })
                {
                    Tell(found);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    // A watch that had to begin anew brings what was told already.
    private void Tell(JsonObject found)
    {
        var count = found.Integer("count") ?? 1;
        if (_counts.TryGetValue(found.Uid(), out var told) && told >= count)
        {
            return;
        }

        _counts[found.Uid()] = count;
        var seen = new SeenEvent(found.Text("message") ?? "", found.Text("reason") ?? "", time.GetUtcNow());
        lock (_gate)
        {
            _events.Add(seen);
        }

        narrator.Event(found.Text("type") ?? "Normal", seen.Reason, seen.Message, count);
        Signal();
    }

    private void Signal() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

/// <summary>An event as it arrived here.</summary>
internal sealed record SeenEvent(string Message, string Reason, DateTimeOffset At);
