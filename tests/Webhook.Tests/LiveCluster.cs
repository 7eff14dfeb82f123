using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Webhook.Tests;

/// <summary>The fake cluster with watches that stay open.</summary>
internal sealed class LiveCluster(TimeProvider time) : IClusterClient
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKind, ClusterException> _refused = [];
    private readonly List<(ResourceKind Kind, ChannelWriter<WatchEvent> Events)> _watchers = [];

    public FakeCluster Inner { get; } = new(time);

    /// <summary>Errors that the next watches end with, one each.</summary>
    public Queue<ClusterException> WatchErrors { get; } = new();

    /// <summary>Called for every written object before it is stored; what it returns is stored.</summary>
    public Func<JsonObject, JsonObject>? OnWrite { get; set; }

    /// <summary>What each watch asked for.</summary>
    public List<string> Watches { get; } = [];

    /// <summary>Every watch of the kind ends with the error.</summary>
    public void Refuse(ResourceKind kind, ClusterException error) => _refused[kind] = error;

    public void Put(ResourceKind kind, JsonObject obj) => Tell(kind, new(WatchEventType.Added, Inner.Put(kind, obj)));

    /// <summary>Somebody changes an object, and watches tell of it.</summary>
    public void Change(ObjectRef reference, Action<JsonObject> change)
    {
        Inner.Change(reference, change);
        Tell(reference.Kind, new(WatchEventType.Modified, Inner.Peek(reference)!));
    }

    /// <summary>Somebody deletes an object, and watches tell of it.</summary>
    public void Remove(ObjectRef reference)
    {
        var gone = Inner.Peek(reference)!;
        Inner.Remove(reference);
        Tell(reference.Kind, new(WatchEventType.Deleted, gone));
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, string? ns, ListOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var events = Channel.CreateUnbounded<WatchEvent>();
        lock (_gate)
        {
            Watches.Add($"{kind.Plural} in {ns ?? "all"}{(options.MetadataOnly ? " (metadata)" : "")}");
            if (WatchErrors.TryDequeue(out var error) || _refused.TryGetValue(kind, out error))
            {
                throw error;
            }

            events.Writer.TryWrite(new(WatchEventType.Reset, null));
            foreach (var item in Inner.PeekAll(kind))
            {
                events.Writer.TryWrite(new(WatchEventType.Added, item));
            }

            events.Writer.TryWrite(new(WatchEventType.Synced, null));
            _watchers.Add((kind, events.Writer));
        }

        await foreach (var change in events.Reader.ReadAllAsync(ct))
        {
            yield return change;
        }
    }

    public Task<JsonObject?> GetAsync(ObjectRef reference, CancellationToken ct) => Inner.GetAsync(reference, ct);

    public Task<ObjectList> ListAsync(ResourceKind kind, string? ns, ListOptions options, CancellationToken ct) => Inner.ListAsync(kind, ns, options, ct);

    public Task<JsonObject> CreateAsync(ResourceKind kind, JsonObject obj, CancellationToken ct) => Inner.CreateAsync(kind, OnWrite?.Invoke(obj) ?? obj, ct);

    public Task<JsonObject> ReplaceAsync(ResourceKind kind, JsonObject obj, CancellationToken ct) => Inner.ReplaceAsync(kind, OnWrite?.Invoke(obj) ?? obj, ct);

    public Task<JsonObject> ReplaceStatusAsync(ResourceKind kind, JsonObject obj, CancellationToken ct) => Inner.ReplaceStatusAsync(kind, obj, ct);

    public Task<JsonObject> MergePatchAsync(ObjectRef reference, JsonObject patch, string? subresource, CancellationToken ct)
        => Inner.MergePatchAsync(reference, patch, subresource, ct);

    public Task<JsonObject> ApplyAsync(ResourceKind kind, JsonObject obj, string fieldManager, bool force, CancellationToken ct)
        => Inner.ApplyAsync(kind, obj, fieldManager, force, ct);

    public Task DeleteAsync(ObjectRef reference, DeleteOptions options, CancellationToken ct) => Inner.DeleteAsync(reference, options, ct);

    public Task<IServedKinds> ServedKindsAsync(CancellationToken ct) => Inner.ServedKindsAsync(ct);

    private void Tell(ResourceKind kind, WatchEvent change)
    {
        lock (_gate)
        {
            foreach (var (_, events) in _watchers.Where(w => w.Kind == kind))
            {
                events.TryWrite(change);
            }
        }
    }
}
