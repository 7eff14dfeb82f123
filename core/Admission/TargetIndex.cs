using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// What admission needs to know of the cluster, in memory: which Canary has which target, and what is there of all that Canaries refer to. Fed by watches;
/// may be a moment behind, which costs time and nothing else. Thread-safe.
/// </summary>
/// <param name="options">Whose namespace bounds what is watched; null for no bound.</param>
public sealed class TargetIndex(CanaryOptions? options = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CanaryKey, IndexedCanary> _canaries = [];
    private readonly Dictionary<TargetKey, List<CanaryKey>> _byTarget = [];
    private readonly Dictionary<ResourceKind, ObjectSet> _objects = IndexedKinds.All.ToDictionary(k => k.Kind, k => new ObjectSet(k.Read));

    // While a list is coming in: what it held so far. The old entries serve until it is complete.
    private HashSet<CanaryKey>? _listed;
    private bool _isSynced;
    private IServedKinds? _served;

    /// <summary>Whether every watch that the cluster allows has delivered its first list. Until then absence proves nothing.</summary>
    public bool IsSynced
    {
        get
        {
            lock (_gate)
            {
                return _isSynced && _objects.Values.All(n => n.IsSynced || n.IsGivenUp);
            }
        }
    }

    /// <summary>What discovery said last; null before it was asked.</summary>
    public IServedKinds? Served
    {
        get => Volatile.Read(ref _served);
        set => Volatile.Write(ref _served, value);
    }

    /// <summary>Takes in what the watch of Canaries told.</summary>
    public void Apply(WatchEvent change)
    {
        lock (_gate)
        {
            switch (change.Type)
            {
                case WatchEventType.Reset:
                    _listed = [];
                    break;
                case WatchEventType.Synced:
                    EndList();
                    break;
                case WatchEventType.Deleted:
                    Remove(KeyOf(change.Object!));
                    break;
                default:
                    Set(IndexedCanary.Of(change.Object!));
                    break;
            }
        }
    }

    /// <summary>Takes in what the watch of one of the <see cref="IndexedKinds"/> told.</summary>
    public void Apply(ResourceKind kind, WatchEvent change)
    {
        lock (_gate)
        {
            _objects[kind].Apply(change);
        }
    }

    /// <summary>The cluster does not let us watch the kind: nothing is said about its objects, and nobody waits for them.</summary>
    public void GiveUp(ResourceKind kind)
    {
        lock (_gate)
        {
            _objects[kind].IsGivenUp = true;
        }
    }

    /// <summary>The Canaries whose target it is; usually none, or one.</summary>
    public IReadOnlyList<IndexedCanary> FindByTarget(string kind, string ns, string name)
    {
        lock (_gate)
        {
            return _byTarget.TryGetValue(new(kind, ns, name), out var keys) ? [.. keys.Select(k => _canaries[k])] : [];
        }
    }

    /// <summary>All Canaries of a namespace, sorted by name.</summary>
    public IReadOnlyList<IndexedCanary> InNamespace(string ns)
    {
        lock (_gate)
        {
            return [.. _canaries.Values.Where(c => c.Key.Namespace == ns).OrderBy(c => c.Key.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether the object exists; null when that is not known.</summary>
    public bool? Exists(ResourceKind kind, string ns, string name)
    {
        lock (_gate)
        {
            return _objects.TryGetValue(kind, out var objects) && objects.IsSynced && IsWatched(kind, ns) ? objects.Find(ns, name) is not null : null;
        }
    }

    /// <summary>What is known of the object; null when nothing is.</summary>
    public T? Find<T>(ResourceKind kind, string ns, string name)
        where T : KnownObject
    {
        lock (_gate)
        {
            return _objects[kind].Find(ns, name) as T;
        }
    }

    /// <summary>Whether some definition of the API group is there, served or about to be; null when that is not known.</summary>
    public bool? Defines(string group)
    {
        lock (_gate)
        {
            var definitions = _objects[Kinds.CustomResourceDefinition];
            return definitions.IsSynced ? definitions.Names.Any(n => n.EndsWith($".{group}", StringComparison.Ordinal)) : null;
        }
    }

    private bool IsWatched(ResourceKind kind, string ns) => !kind.Namespaced || options is null || options.Namespace.Length == 0 || options.Namespace == ns;

    private static CanaryKey KeyOf(JsonObject canary) => new(canary.Namespace(), canary.Name());

    private void Set(IndexedCanary canary)
    {
        _listed?.Add(canary.Key);

        // Most events are status writes and change nothing here.
        if (_canaries.TryGetValue(canary.Key, out var known) && known == canary)
        {
            return;
        }

        Drop(canary.Key);
        _canaries[canary.Key] = canary;
        if (!_byTarget.TryGetValue(canary.Target, out var keys))
        {
            _byTarget[canary.Target] = keys = [];
        }

        keys.Add(canary.Key);
    }

    private void Remove(CanaryKey key)
    {
        _listed?.Remove(key);
        Drop(key);
    }

    private void Drop(CanaryKey key)
    {
        if (!_canaries.Remove(key, out var canary))
        {
            return;
        }

        var keys = _byTarget[canary.Target];
        keys.Remove(key);
        if (keys.Count == 0)
        {
            _byTarget.Remove(canary.Target);
        }
    }

    private void EndList()
    {
        if (_listed is { } listed)
        {
            _listed = null;
            foreach (var gone in _canaries.Keys.Where(k => !listed.Contains(k)).ToList())
            {
                Drop(gone);
            }
        }

        _isSynced = true;
    }
}
