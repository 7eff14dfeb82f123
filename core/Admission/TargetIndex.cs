using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// What admission needs to know of the cluster, in memory: which Canary has which target, and what is there of all that Canaries refer to. Fed by watches;
/// may be a moment behind, which costs time and nothing else. Thread-safe.
/// </summary>
public sealed class TargetIndex
{
    private readonly Lock _gate = new();
    private readonly WatchedSet<IndexedCanary> _canaries;
    private readonly Dictionary<TargetKey, List<IndexedCanary>> _byTarget = [];
    private readonly Dictionary<ResourceKind, WatchedSet<KnownObject>> _objects =
        IndexedKinds.All.ToDictionary(k => k.Kind, k => new WatchedSet<KnownObject>(k.Read));

    // The cluster refuses their watch: nobody waits for their first list.
    private readonly HashSet<ResourceKind> _givenUp = [];
    private readonly CanaryOptions? _options;
    private IServedKinds? _served;

    /// <param name="options">Whose namespace bounds what is watched; null for no bound.</param>
    public TargetIndex(CanaryOptions? options = null)
    {
        _options = options;

        // Most events are status writes and change nothing here.
        _canaries = new(IndexedCanary.Of) { Added = Add, Removed = Drop };
    }

    /// <summary>Whether every watch that the cluster allows has delivered its first list. Until then absence proves nothing.</summary>
    public bool IsSynced
    {
        get
        {
            lock (_gate)
            {
                return _canaries.IsSynced && _objects.All(o => o.Value.IsSynced || _givenUp.Contains(o.Key));
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
            _canaries.Apply(change);
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
            _givenUp.Add(kind);
        }
    }

    /// <summary>The Canaries whose target it is; usually none, or one.</summary>
    public IReadOnlyList<IndexedCanary> FindByTarget(string kind, string ns, string name)
    {
        lock (_gate)
        {
            return _byTarget.TryGetValue(new(kind, ns, name), out var found) ? [.. found] : [];
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
            return _objects.TryGetValue(kind, out var objects) && objects.IsSynced && IsWatched(kind, ns) ? objects.TryFind(ns, name, out _) : null;
        }
    }

    /// <summary>What is known of the object; null when nothing is.</summary>
    public T? Find<T>(ResourceKind kind, string ns, string name)
        where T : KnownObject
    {
        lock (_gate)
        {
            return _objects[kind].TryFind(ns, name, out var found) ? found as T : null;
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

    private bool IsWatched(ResourceKind kind, string ns) => !kind.Namespaced || _options is null || _options.Namespace.Length == 0 || _options.Namespace == ns;

    private void Add(IndexedCanary canary)
    {
        if (!_byTarget.TryGetValue(canary.Target, out var found))
        {
            _byTarget[canary.Target] = found = [];
        }

        found.Add(canary);
    }

    private void Drop(IndexedCanary canary)
    {
        var found = _byTarget[canary.Target];
        found.Remove(canary);
        if (found.Count == 0)
        {
            _byTarget.Remove(canary.Target);
        }
    }
}
