using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Api.Writing;

namespace CanaryFunctions.Simulator.Api.Collection;

/// <summary>What the garbage collector does to objects: through admission, under its own name.</summary>
internal sealed class CollectorWrites(ObjectStore store, ResourceCatalog catalog, ObjectWriter writer, ObjectDeleter deleter)
{
    public List<StoredObject> Dependents(string uid) => [.. store.Everything().Where(i => i.Owners.Any(o => o.Str("uid") == uid))];

    public Task DropOwnersAsync(StoredObject item, HashSet<string?> uids, CancellationToken ct) => ChangeAsync(item, o =>
    {
        var kept = o.Arr("metadata", "ownerReferences").Objects().Where(r => !uids.Contains(r.Str("uid"))).Select(r => r.DeepClone()).ToArray();
        o.Ensure("metadata")["ownerReferences"] = new JsonArray(kept);
    }, "", ct);

    public Task DropFinalizerAsync(StoredObject item, string finalizer, CancellationToken ct) => ChangeAsync(item, o =>
    {
        var kept = o.Arr("metadata", "finalizers").Strings().Where(f => f != finalizer).Select(f => (JsonNode?)JsonValue.Create(f)).ToArray();
        o.Ensure("metadata")["finalizers"] = new JsonArray(kept);
    }, "", ct);

    public async Task ChangeAsync(StoredObject item, Action<JsonObject> change, string subresource, CancellationToken ct)
    {
        if (Request(item) is not { } write || store.Find(item.Kind, item.Namespace, item.Name) is null)
        {
            return;
        }

        await writer.UpdateAsync(write with { Subresource = subresource }, o =>
        {
            change(o);
            return o;
        }, ct);
    }

    public async Task DeleteAsync(StoredObject item, DeleteOptions options, CancellationToken ct)
    {
        try
        {
            if (Request(item) is { } write)
            {
                await deleter.DeleteAsync(write, options with { Uid = item.Uid }, ct);
            }
        }
        catch (ApiError e) when (e.Reason == "NotFound")
        {
            // Somebody else has deleted it.
        }
    }

    private WriteRequest? Request(StoredObject item) => catalog.FindStored(item.Kind) is not { } type ? null : new(type, ApiUser.Collector)
    {
        Namespace = item.Namespace,
        Name = item.Name,
        FieldManager = "kube-controller-manager",
        Options = new JsonObject { ["kind"] = "UpdateOptions", ["apiVersion"] = "meta.k8s.io/v1" },
    };
}
