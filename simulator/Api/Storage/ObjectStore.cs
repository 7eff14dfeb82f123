using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Storage;

/// <summary>All objects in memory, one counter for all versions, and a bounded history for watches that resume.</summary>
internal sealed class ObjectStore(int historyLimit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, StoredObject>> _kinds = new(StringComparer.Ordinal);
    private readonly Queue<StoreEvent> _history = [];
    private readonly List<StoreWatch> _watches = [];
    private long _version;
    private long _forgotten;

    /// <summary>Runs inside the write, before anybody else sees it: for those who must never lag. Must be quick and must not write.</summary>
    public Action<StoreEvent>? OnChange { get; set; }

    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    public StoredObject? Find(string kind, string ns, string name)
    {
        lock (_gate)
        {
            return _kinds.TryGetValue(kind, out var items) ? items.GetValueOrDefault(StoredObject.KeyOf(ns, name)) : null;
        }
    }

    /// <summary>The kind's objects by namespace and name, with the version at which this was all there is.</summary>
    public (IReadOnlyList<StoredObject> Items, long Version) List(string kind, string? ns = null)
    {
        lock (_gate)
        {
            IEnumerable<StoredObject> items = _kinds.TryGetValue(kind, out var found) ? found.Values : [];
            return ([.. items.Where(i => ns is null || i.Namespace == ns)], _version);
        }
    }

    public IReadOnlyList<StoredObject> Everything()
    {
        lock (_gate)
        {
            return [.. _kinds.Values.SelectMany(k => k.Values)];
        }
    }

    /// <summary>Null when the name is taken.</summary>
    public StoredObject? TryAdd(string kind, string ns, string name, JsonObject value)
    {
        lock (_gate)
        {
            if (Find(kind, ns, name) is not null)
            {
                return null;
            }

            return Put(kind, ns, name, value, null);
        }
    }

    /// <summary>Null when <paramref name="expected"/> is no longer what is stored.</summary>
    public StoredObject? TryReplace(StoredObject expected, JsonObject value)
    {
        lock (_gate)
        {
            return IsCurrent(expected) ? Put(expected.Kind, expected.Namespace, expected.Name, value, expected) : null;
        }
    }

    /// <summary>Null when <paramref name="expected"/> is no longer what is stored; else the last state, under the deletion's version.</summary>
    public StoredObject? TryRemove(StoredObject expected, JsonObject last)
    {
        lock (_gate)
        {
            if (!IsCurrent(expected))
            {
                return null;
            }

            _kinds[expected.Kind].Remove(expected.Key);
            var gone = expected with { Version = ++_version, Json = Stamp(last, _version) };
            Record(new(ChangeKind.Deleted, gone, expected));
            return gone;
        }
    }

    /// <summary>
    /// Changes of a kind after <paramref name="after"/>; with null: after now, and the objects there are are returned with it.
    /// Null when the history no longer reaches back that far.
    /// </summary>
    public (StoreWatch Watch, IReadOnlyList<StoredObject> Start, long Version)? Watch(string kind, long? after)
    {
        lock (_gate)
        {
            if (after < _forgotten)
            {
                return null;
            }

            var watch = new StoreWatch(kind, Stop);
            if (after is { } from)
            {
                foreach (var change in _history.Where(h => h.Object.Version > from && h.Object.Kind == kind))
                {
                    watch.Offer(change);
                }
            }

            _watches.Add(watch);
            return (watch, after is null ? List(kind).Items : [], _version);
        }
    }

    /// <summary>Ends every watch, so that their clients see a clean end.</summary>
    public void CompleteWatches()
    {
        lock (_gate)
        {
            _watches.ForEach(w => w.Complete());
        }
    }

    private void Stop(StoreWatch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }

    private bool IsCurrent(StoredObject expected)
        => Find(expected.Kind, expected.Namespace, expected.Name) is { } found && found.Version == expected.Version;

    private StoredObject Put(string kind, string ns, string name, JsonObject value, StoredObject? previous)
    {
        var stored = new StoredObject(kind, ns, name, ++_version, Stamp(value, _version));
        if (!_kinds.TryGetValue(kind, out var items))
        {
            _kinds[kind] = items = new(StringComparer.Ordinal);
        }

        items[stored.Key] = stored;
        Record(new(previous is null ? ChangeKind.Added : ChangeKind.Modified, stored, previous));
        return stored;
    }

    private void Record(StoreEvent change)
    {
        _history.Enqueue(change);
        while (_history.Count > historyLimit)
        {
            _forgotten = _history.Dequeue().Object.Version;
        }

        OnChange?.Invoke(change);
        foreach (var watch in _watches.Where(w => w.Kind == change.Object.Kind))
        {
            watch.Offer(change);
        }
    }

    private static JsonObject Stamp(JsonObject value, long version)
    {
        value.Ensure("metadata")["resourceVersion"] = $"{version}";
        // Through bytes and back: the stored tree is then fully built, uniform in its number types, and shared with nobody.
        return (JsonObject)JsonTree.Parse(JsonTree.Bytes(value))!;
    }
}
