using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>What happens in the cluster, as any client can watch it: every version of every object of some kinds, in order.</summary>
internal sealed class ClusterFeed : IAsyncDisposable
{
    private static readonly ResourceKind[] Followed = [Kinds.Canary, Kinds.Deployment, Kinds.Event, Kinds.Ingress, Kinds.Service];

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectRef, JsonObject> _now = [];
    private readonly List<(ObjectRef Reference, JsonObject Object)> _history = [];
    private readonly List<CanaryEvent> _events = [];
    private readonly Signal _changed;
    private readonly string _namespace;
    private readonly Task _following;

    /// <param name="ns">Of the objects that are asked for.</param>
    internal ClusterFeed(IClusterClient client, Signal changed, IReadOnlyList<ResourceKind> further, string ns)
    {
        (_changed, _namespace) = (changed, ns);
        _following = Task.WhenAll(Followed.Concat(further).Select(kind => FollowAsync(client, kind)));
    }

    /// <summary>Events of Canaries, each when it was first seen.</summary>
    internal IReadOnlyList<CanaryEvent> Events => Locked(() => _events.ToArray());

    internal JsonObject? Find(ResourceKind kind, string name) => Locked(() => _now.GetValueOrDefault(new(kind, _namespace, name)));

    internal IReadOnlyList<string> Names(ResourceKind kind)
        => Locked(() => _now.Keys.Where(r => r.Kind == kind && r.Namespace == _namespace).Select(r => r.Name).Order(StringComparer.Ordinal).ToArray());

    /// <summary>All versions of an object, oldest first.</summary>
    internal IReadOnlyList<JsonObject> History(ResourceKind kind, string name)
        => Locked(() => _history.Where(h => h.Reference == new ObjectRef(kind, _namespace, name)).Select(h => h.Object).ToArray());

    internal Canary? Canary(string name) => Find(Kinds.Canary, name) is { } found ? Core.Canaries.Canary.From(found) : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task FollowAsync(IClusterClient client, ResourceKind kind)
    {
        try
        {
            await foreach (var change in client.WatchAsync(kind, _namespace, new(), _stop.Token))
            {
                if (change.Object is { } found)
                {
                    Take(found.RefOf(kind), found, change.Type == WatchEventType.Deleted);
                    _changed.Raise();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The scenario is over.
        }
    }

    private void Take(ObjectRef reference, JsonObject found, bool isGone)
    {
        lock (_gate)
        {
            if (isGone)
            {
                _now.Remove(reference);
                return;
            }

            if (reference.Kind == Kinds.Event && found.Text("involvedObject", "kind") == Kinds.Canary.Kind && !_now.ContainsKey(reference))
            {
                _events.Add(new(found.Text("involvedObject", "name") ?? "", found.Text("message") ?? "", found.Text("reason") ?? "", found.Text("type") ?? "", TimeProvider.System.GetUtcNow()));
            }

            _now[reference] = found;
            _history.Add((reference, found));
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}

/// <summary>An event of a Canary as it arrived here.</summary>
internal sealed record CanaryEvent(string Canary, string Message, string Reason, string Type, DateTimeOffset At)
{
    /// <summary>How often pods were found unready, or metrics without values yet, depends on when one looks.</summary>
    internal bool IsWait => Message.Contains(" not ready: ", StringComparison.Ordinal) || Message.StartsWith("Waiting for the first values", StringComparison.Ordinal);
}
