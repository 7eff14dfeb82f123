using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>
/// All objects of one kind as one watch last told of them. What it returns is shared: callers copy an object before they change it.
/// Reads are thread-safe; <see cref="Changed"/> is raised on the watch's own thread, one change at a time.
/// </summary>
public sealed class ObjectCache
{
    private readonly ConcurrentDictionary<ObjectKey, JsonObject> _objects = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Func<bool>> _waiting = [];
    private readonly Lock _applying = new();
    private HashSet<ObjectKey>? _unconfirmed;

    internal ObjectCache(ResourceKind kind) => Kind = kind;

    /// <summary>Key, the object before (null: new) and after (null: gone). Handlers must be quick and must not throw.</summary>
    public event Action<ObjectKey, JsonObject?, JsonObject?>? Changed;

    public ResourceKind Kind { get; }

    /// <summary>Completes with the first whole list.</summary>
    public Task Synced => _synced.Task;

    /// <summary>A snapshot, in order of namespace and name.</summary>
    public IReadOnlyList<JsonObject> All =>
        [.. _objects.OrderBy(o => o.Key.Namespace, StringComparer.Ordinal).ThenBy(o => o.Key.Name, StringComparer.Ordinal).Select(o => o.Value)];

    public JsonObject? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    /// <summary>The objects of one namespace, by name.</summary>
    public IReadOnlyList<JsonObject> In(string ns)
        => [.. _objects.Where(o => o.Key.Namespace == ns).OrderBy(o => o.Key.Name, StringComparer.Ordinal).Select(o => o.Value)];

    /// <summary>Completes when the condition holds and every handler of <see cref="Changed"/> knows of the state in which it does.</summary>
    /// <param name="holds">Asked now and after each change. Must be quick.</param>
    public Task WhenAsync(Func<bool> holds, CancellationToken ct)
    {
        lock (_applying)
        {
            if (holds())
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(() => ct.IsCancellationRequested || (holds() && reached.TrySetResult()));
            return reached.Task.WaitAsync(ct);
        }
    }

    internal void Apply(WatchEvent change)
    {
        lock (_applying)
        {
            Take(change);
            _waiting.RemoveAll(done => done());
        }
    }

    private void Take(WatchEvent change)
    {
        switch (change)
        {
            case { Type: WatchEventType.Reset }:
                _unconfirmed = [.. _objects.Keys];
                break;
            case { Type: WatchEventType.Synced }:
                ForgetUnconfirmed();
                _synced.TrySetResult();
                break;
            case { Type: WatchEventType.Deleted, Object: { } gone }:
                Forget(ObjectKey.Of(gone));
                break;
            case { Object: { } current }:
                Store(current);
                break;
        }
    }

    private void Store(JsonObject current)
    {
        var key = ObjectKey.Of(current);
        _unconfirmed?.Remove(key);
        var before = _objects.GetValueOrDefault(key);
        if (before is not null && before.ResourceVersion() == current.ResourceVersion())
        {
            return;
        }

        _objects[key] = current;
        Changed?.Invoke(key, before, current);
    }

    private void Forget(ObjectKey key)
    {
        _unconfirmed?.Remove(key);
        if (_objects.TryRemove(key, out var before))
        {
            Changed?.Invoke(key, before, null);
        }
    }

    // A list after a gap in the watch tells what is gone only by leaving it out.
    private void ForgetUnconfirmed()
    {
        foreach (var key in _unconfirmed ?? [])
        {
            if (_objects.TryRemove(key, out var before))
            {
                Changed?.Invoke(key, before, null);
            }
        }

        _unconfirmed = null;
    }
}
