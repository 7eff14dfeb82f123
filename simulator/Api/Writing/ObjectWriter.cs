using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Authorization;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>Creates and updates: shape, ask mutating webhooks, check, ask validating webhooks, store.</summary>
internal sealed class ObjectWriter(
    ObjectStore store, ResourceCatalog catalog, AdmissionChain admission, ConversionService conversion, ObjectShaping shaping, OwnerReferenceGuard owners)
{
    private const int Attempts = 20;

    /// <summary>The created object, in the version of the request.</summary>
    public async Task<JsonObject> CreateAsync(WriteRequest write, JsonObject body, IReadOnlyList<string> duplicates, CancellationToken ct)
    {
        var item = body.Copy();
        SetEnvelope(write, item);
        FieldValidation.Check(write, item, duplicates);
        shaping.PrepareCreate(write, item);
        var name = item.Str("metadata", "name") ?? "";
        CheckNamespace(write, name);

        var uid = item.Str("metadata", "uid");
        item = (await admission.MutateAsync(write.Attributes("CREATE", name, item, null), ct))!;
        item.Ensure("metadata")["uid"] = uid;
        shaping.FillIn(write.Type, item, null);
        ObjectShaping.Check(write.Type, item, null);
        owners.Check(write, name, item, null);
        await admission.ValidateAsync(write.Attributes("CREATE", name, item, null), ct);
        shaping.Normalize(write.Type, item, null);
        if (!write.IsApply)
        {
            FieldOwnership.RecordUpdate(null, item, write.Manager, MergeShape.For(write.Type.Custom?.Schema), shaping.Now);
        }

        if (write.DryRun)
        {
            return store.Find(write.Type.StorageKey, write.Namespace, name) is null ? item : throw ApiError.AlreadyExists(write.Type, name);
        }

        var stored = await ToStorageAsync(write.Type, item, ct);
        var added = store.TryAdd(write.Type.StorageKey, write.Namespace, name, stored) ?? throw ApiError.AlreadyExists(write.Type, name);
        return await conversion.ConvertAsync(added.Json, write.Type, write.Type.ApiVersion, ct);
    }

    /// <summary>
    /// The updated object, in the version of the request. <paramref name="change"/> gets a copy of the live object and gives the wanted one; it
    /// runs again when somebody else was faster, unless it names the version that it changes.
    /// </summary>
    public async Task<JsonObject> UpdateAsync(WriteRequest write, Func<JsonObject, JsonObject> change, CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = store.Find(write.Type.StorageKey, write.Namespace, write.Name) ?? throw ApiError.NotFound(write.Type, write.Name);
            var live = (await conversion.ConvertAsync(before.Json, write.Type, write.Type.ApiVersion, ct)).Copy();
            var updated = change(live.Copy());
            if (await TryStoreAsync(write, before, live, updated, ct) is { } result)
            {
                return result;
            }
        }

        throw ApiError.Modified(write.Type, write.Name);
    }

    /// <summary>An object as it is, without admission: for what is there from the start.</summary>
    public void Seed(WriteRequest write, JsonObject body)
    {
        var item = body.Copy();
        var status = item["status"]?.DeepClone();
        SetEnvelope(write, item);
        shaping.PrepareCreate(write, item);
        if (status is not null)
        {
            item["status"] = status;
        }

        shaping.Normalize(write.Type, item, null);
        ObjectShaping.Check(write.Type, item, null);
        var name = item.Str("metadata", "name")!;
        _ = store.TryAdd(write.Type.StorageKey, write.Namespace, name, item) ?? throw ApiError.AlreadyExists(write.Type, name);
    }

    private async Task<JsonObject?> TryStoreAsync(WriteRequest write, StoredObject before, JsonObject live, JsonObject updated, CancellationToken ct)
    {
        SetEnvelope(write, updated);
        var item = ObjectShaping.PrepareUpdate(write, live, updated);
        FieldValidation.Check(write, item, []);
        shaping.Normalize(write.Type, item, live);
        ObjectShaping.CountGeneration(write.Type, item, live);

        var mutated = (await admission.MutateAsync(write.Attributes("UPDATE", write.Name, item, live), ct))!;
        if (!ReferenceEquals(mutated, item))
        {
            // A webhook has no say in the precondition.
            mutated.Ensure("metadata")["resourceVersion"] = live.At("metadata", "resourceVersion")?.DeepClone();
            item = ObjectShaping.PrepareUpdate(write, live, mutated);
            shaping.FillIn(write.Type, item, live);
            ObjectShaping.CountGeneration(write.Type, item, live);
        }

        ObjectShaping.Check(write.Type, item, live);
        owners.Check(write, write.Name, item, live);
        await admission.ValidateAsync(write.Attributes("UPDATE", write.Name, item, live), ct);
        shaping.Normalize(write.Type, item, live);
        if (!write.IsApply)
        {
            FieldOwnership.RecordUpdate(live, item, write.Manager, MergeShape.For(write.Type.Custom?.Schema), shaping.Now);
        }

        return write.DryRun || JsonTree.Same(item, live) ? item : await CommitAsync(write.Type, before, item, ct);
    }

    private async Task<JsonObject?> CommitAsync(ResourceType type, StoredObject before, JsonObject item, CancellationToken ct)
    {
        var stored = await ToStorageAsync(type, item, ct);
        var result = before.Terminating && IsFinished(type, stored) ? store.TryRemove(before, stored) : store.TryReplace(before, stored);
        return result is null ? null : await conversion.ConvertAsync(result.Json, type, type.ApiVersion, ct);
    }

    // A terminating object goes with its last finalizer, once nothing waits for its grace period any more.
    private static bool IsFinished(ResourceType type, JsonObject item)
        => item.Arr("metadata", "finalizers") is null or { Count: 0 }
           && item.Int("metadata", "deletionGracePeriodSeconds") is null or 0
           && (type.StorageKey != BuiltInResources.Namespaces || item.Arr("spec", "finalizers") is null or { Count: 0 });

    private async Task<JsonObject> ToStorageAsync(ResourceType type, JsonObject item, CancellationToken ct)
    {
        var target = catalog.FindStored(type.StorageKey) ?? type;
        var version = type.Group.Length == 0 ? type.StorageVersion : $"{type.Group}/{type.StorageVersion}";
        return (await conversion.ConvertAsync(item, target, version, ct)).Copy();
    }

    private void CheckNamespace(WriteRequest write, string name)
    {
        if (!write.Type.Namespaced)
        {
            return;
        }

        var ns = store.Find(BuiltInResources.Namespaces, "", write.Namespace)
            ?? throw ApiError.NotFound(catalog.Find("", "v1", "namespaces")!, write.Namespace);
        if (ns.Terminating)
        {
            throw ApiError.Forbidden(write.Type, name, $"unable to create new content in namespace {write.Namespace} because it is being terminated",
                new FieldError("metadata.namespace", "NamespaceTerminating", $"namespace {write.Namespace} is being terminated"));
        }
    }

    private static void SetEnvelope(WriteRequest write, JsonObject item)
    {
        if (write.Type.Custom is not null && item.Str("kind") is { } kind && kind != write.Type.Kind && item.Str("apiVersion") == write.Type.ApiVersion)
        {
            throw ApiError.Invalid(write.Type with { Kind = kind }, item.Str("metadata", "name") ?? "", [FieldError.Invalid("kind", kind, $"must be {write.Type.Kind}")]);
        }

        if ((item.Str("kind") ?? write.Type.Kind) != write.Type.Kind || (item.Str("apiVersion") ?? write.Type.ApiVersion) != write.Type.ApiVersion)
        {
            throw ApiError.BadRequest($"the API version in the data ({item.Str("apiVersion")}, Kind={item.Str("kind")}) does not match the expected API version ({write.Type.ApiVersion}, Kind={write.Type.Kind})");
        }

        item["apiVersion"] = write.Type.ApiVersion;
        item["kind"] = write.Type.Kind;
        var metadata = item.Ensure("metadata");
        if (!write.Type.Namespaced)
        {
            metadata.Remove("namespace");
        }
        else if (metadata.Str("namespace") is { Length: > 0 } given && given != write.Namespace)
        {
            throw ApiError.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
        else
        {
            metadata["namespace"] = write.Namespace;
        }
    }
}
