using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// What admission needs to know of the cluster, in memory: which Canary has which target, and which objects that Canaries refer to exist. Fed by watches;
/// may be a moment behind, which costs time and nothing else. Thread-safe.
/// </summary>
public sealed class TargetIndex
{
    /// <summary>Kinds whose existence is known, and only that: their watches ask for metadata.</summary>
    public static readonly IReadOnlyList<ResourceKind> NamedKinds = [Kinds.AlertProvider, Kinds.Deployment, Kinds.Ingress, Kinds.MetricTemplate];

    private readonly Lock _gate = new();
    private readonly Dictionary<CanaryKey, IndexedCanary> _canaries = [];
    private readonly Dictionary<TargetKey, List<CanaryKey>> _byTarget = [];
    private readonly Dictionary<string, NameSet> _names = NamedKinds.ToDictionary(k => k.Kind, _ => new NameSet(), StringComparer.Ordinal);

    // While a list is coming in: what it held so far. The old entries serve until it is complete.
    private HashSet<CanaryKey>? _listed;
    private bool _isSynced;

    /// <summary>Whether every watch has delivered its first list. Until then absence proves nothing.</summary>
    public bool IsSynced
    {
        get
        {
            lock (_gate)
            {
                return _isSynced && _names.Values.All(n => n.IsSynced);
            }
        }
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

    /// <summary>Takes in what the watch of one of the <see cref="NamedKinds"/> told.</summary>
    public void Apply(ResourceKind kind, WatchEvent change)
    {
        lock (_gate)
        {
            _names[kind.Kind].Apply(change);
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

    /// <summary>Whether the object exists; null when that is not known.</summary>
    public bool? Exists(ResourceKind kind, string ns, string name)
    {
        lock (_gate)
        {
            return _names.TryGetValue(kind.Kind, out var names) && names.IsSynced ? names.Contains(ns, name) : null;
        }
    }

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

/// <summary>What is remembered of a Canary.</summary>
public sealed record IndexedCanary(CanaryKey Key, string Uid, TargetKey Target, bool IsBeingDeleted)
{
    internal static IndexedCanary Of(JsonObject canary) => new(
        new(canary.Namespace(), canary.Name()),
        canary.Uid(),
        TargetKey.Of(canary),
        canary.IsBeingDeleted());
}

/// <summary>A workload that a Canary releases: kind and name in the Canary's namespace.</summary>
public sealed record TargetKey(string Kind, string Namespace, string Name)
{
    internal static TargetKey Of(JsonObject canary)
        => new(canary.Text("spec", "targetRef", "kind") ?? "", canary.Namespace(), canary.Text("spec", "targetRef", "name") ?? "");
}
