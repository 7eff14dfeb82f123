using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.TestKit;

/// <summary>
/// An API server's memory without its HTTP: resourceVersion preconditions, generation, status kept apart, finalizers, owner references. Tests that fail at every
/// write in turn need thousands of releases, which the embedded cluster is too slow for; it has scenarios of its own.
/// </summary>
public sealed class FakeCluster(TimeProvider clock) : IClusterClient
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectRef, JsonObject> _objects = [];
    private readonly List<ResourceKind> _served = [Kinds.Deployment, Kinds.Service, Kinds.Ingress, Kinds.Canary];
    private long _version;
    private int _uids;

    /// <summary>Every request in order: verb, then what it is about.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Objects in the order in which they were created.</summary>
    public List<ObjectRef> Created { get; } = [];

    /// <summary>Called before every write; may throw to stand for a crash or an error.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    /// <summary>Called after every write that was stored.</summary>
    public Func<string, Task>? AfterWrite { get; set; }

    /// <summary>Called before every read; may throw.</summary>
    public Func<string, Task>? BeforeRead { get; set; }

    /// <summary>What a schema that knows fewer fields does to a status before it is stored.</summary>
    public Action<JsonObject>? PruneStatus { get; set; }

    public void Serve(ResourceKind kind) => _served.Add(kind);

    /// <summary>Stores without request, hook or precondition: what users and controllers do.</summary>
    public JsonObject Put(ResourceKind kind, JsonObject obj)
    {
        lock (_gate)
        {
            return Store(obj.RefOf(kind), obj.Copy()).Copy();
        }
    }

    /// <summary>Changes an object as a user or a controller would; nothing happens when it is not there.</summary>
    public void Change(ObjectRef reference, Action<JsonObject> change)
    {
        lock (_gate)
        {
            if (_objects.TryGetValue(reference, out var existing))
            {
                var changed = existing.Copy();
                change(changed);
                if (!JsonNode.DeepEquals(changed, existing))
                {
                    Store(reference, changed);
                }
            }
        }
    }

    public JsonObject? Peek(ObjectRef reference)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault(reference)?.Copy();
        }
    }

    public IReadOnlyList<JsonObject> PeekAll(ResourceKind kind)
    {
        lock (_gate)
        {
            return [.. _objects.Where(o => o.Key.Kind == kind).Select(o => o.Value.Copy())];
        }
    }

    public void Remove(ObjectRef reference)
    {
        lock (_gate)
        {
            Delete(reference);
        }
    }

    public async Task<JsonObject?> GetAsync(ObjectRef reference, CancellationToken ct)
    {
        await ReadingAsync($"get {reference}");
        return Peek(reference);
    }

    public async Task<ObjectList> ListAsync(ResourceKind kind, string? ns, ListOptions options, CancellationToken ct)
    {
        await ReadingAsync($"list {kind.Plural}{(options.MetadataOnly ? " (metadata)" : "")}");
        return new([.. PeekAll(kind).Where(o => ns is null || o.Namespace() == ns)], $"{_version}");
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, string? ns, ListOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new(WatchEventType.Reset, null);
        foreach (var item in (await ListAsync(kind, ns, options, ct)).Items)
        {
            yield return new(WatchEventType.Added, item);
        }

        yield return new(WatchEventType.Synced, null);
    }

    public Task<JsonObject> CreateAsync(ResourceKind kind, JsonObject obj, CancellationToken ct) => WriteAsync("create", obj.RefOf(kind), (reference, existing) =>
    {
        Refuse(existing is not null, 409, "AlreadyExists", $"{reference} already exists");
        Created.Add(reference);
        var created = obj.Copy();
        created.Remove("status");
        return Store(reference, created);
    });

    public Task<JsonObject> ReplaceAsync(ResourceKind kind, JsonObject obj, CancellationToken ct) => WriteAsync("replace", obj.RefOf(kind), (reference, existing) =>
    {
        Precondition(reference, existing, obj.ResourceVersion());
        var replaced = obj.Copy();
        replaced["status"] = existing!["status"]?.DeepClone();
        return Store(reference, replaced);
    });

    public Task<JsonObject> ReplaceStatusAsync(ResourceKind kind, JsonObject obj, CancellationToken ct)
        => WriteAsync("replace status of", obj.RefOf(kind), (reference, existing) =>
        {
            Precondition(reference, existing, obj.ResourceVersion());
            var replaced = existing!.Copy();
            replaced["status"] = obj["status"]?.DeepClone();
            PruneStatus?.Invoke(replaced.Section("status"));
            return Store(reference, replaced);
        });

    public Task<JsonObject> MergePatchAsync(ObjectRef reference, JsonObject patch, string? subresource, CancellationToken ct)
        => WriteAsync("patch", reference, (_, existing) =>
        {
            Precondition(reference, existing, patch.ResourceVersion());
            var patched = existing!.Copy();
            Merge(patched, patch);
            return Store(reference, patched);
        });

    public Task<JsonObject> ApplyAsync(ResourceKind kind, JsonObject obj, string fieldManager, bool force, CancellationToken ct)
        => throw new NotSupportedException("no test of the fake cluster needs server-side apply");

    public Task DeleteAsync(ObjectRef reference, DeleteOptions options, CancellationToken ct) => WriteAsync("delete", reference, (_, existing) =>
    {
        if (existing is not null)
        {
            Precondition(reference, existing, options.ResourceVersion ?? "");
            Delete(reference);
        }

        return existing ?? [];
    });

    public Task<IServedKinds> ServedKindsAsync(CancellationToken ct) => Task.FromResult<IServedKinds>(new Served(_served));

    private async Task ReadingAsync(string what)
    {
        lock (_gate)
        {
            Requests.Add(what);
        }

        if (BeforeRead is { } hook)
        {
            await hook(what);
        }
    }

    private async Task<JsonObject> WriteAsync(string verb, ObjectRef reference, Func<ObjectRef, JsonObject?, JsonObject> write)
    {
        var what = $"{verb} {reference}";
        lock (_gate)
        {
            Requests.Add(what);
        }

        if (BeforeWrite is { } before)
        {
            await before(what);
        }

        JsonObject written;
        lock (_gate)
        {
            written = write(reference, _objects.GetValueOrDefault(reference)).Copy();
        }

        if (AfterWrite is { } after)
        {
            await after(what);
        }

        return written;
    }

    private JsonObject Store(ObjectRef reference, JsonObject obj)
    {
        var metadata = obj.Metadata();
        var existing = _objects.GetValueOrDefault(reference);
        metadata["uid"] = existing?.Uid() ?? $"uid-{++_uids}";
        metadata["creationTimestamp"] = existing.Text("metadata", "creationTimestamp") ?? KubeObject.Timestamp(clock.GetUtcNow());
        metadata["generation"] = (existing?.Generation() ?? 0) + (existing is null || !JsonNode.DeepEquals(existing["spec"], obj["spec"]) ? 1 : 0);
        metadata["resourceVersion"] = existing?.ResourceVersion();
        if (existing is not null && JsonNode.DeepEquals(existing, obj))
        {
            return existing;
        }

        metadata["resourceVersion"] = $"{++_version}";
        _objects[reference] = obj;
        if (obj.IsBeingDeleted() && !obj.ListAt("metadata", "finalizers").Any())
        {
            Delete(reference);
        }

        return obj;
    }

    private void Delete(ObjectRef reference)
    {
        if (!_objects.TryGetValue(reference, out var obj))
        {
            return;
        }

        if (obj.ListAt("metadata", "finalizers").Any())
        {
            var marked = obj.Copy();
            marked.Metadata()["deletionTimestamp"] = KubeObject.Timestamp(clock.GetUtcNow());
            Store(reference, marked);
            return;
        }

        _objects.Remove(reference);
        foreach (var owned in _objects.Where(o => o.Value.ListAt("metadata", "ownerReferences").Any(r => r.Text("uid") == obj.Uid())).Select(o => o.Key).ToList())
        {
            Delete(owned);
        }
    }

    private static void Precondition(ObjectRef reference, JsonObject? existing, string version)
    {
        Refuse(existing is null, 404, "NotFound", $"{reference} not found");
        Refuse(version.Length > 0 && version != existing!.ResourceVersion(), 409, "Conflict", $"{reference} has been modified");
    }

    private static void Refuse(bool isWrong, int status, string reason, string message)
    {
        if (isWrong)
        {
            throw new ClusterException(status, reason, message);
        }
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                into.Remove(key);
            }
            else if (value is JsonObject nested && into[key] is JsonObject existing)
            {
                Merge(existing, nested);
            }
            else
            {
                into[key] = value.DeepClone();
            }
        }
    }

    private sealed class Served(IReadOnlyList<ResourceKind> kinds) : IServedKinds
    {
        public ResourceKind? Find(string group, string kind) => FindAll(group, kind) is [var preferred, ..] ? preferred : null;

        public IReadOnlyList<ResourceKind> FindAll(string group, string kind) => [.. kinds.Where(k => k.Group == group && k.Kind == kind)];
    }
}
