using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Schemas;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>What happens to an object between a client's words and the store: identity, isolation of status, defaults, pruning, checks.</summary>
internal sealed class ObjectShaping(ServiceAddresses addresses, Identities identities, TimeProvider time)
{
    private static readonly string[] ServerOwned = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"];

    public string Now => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public void PrepareCreate(WriteRequest write, JsonObject item)
    {
        var metadata = item.Ensure("metadata");
        if (metadata.Str("resourceVersion") is { Length: > 0 })
        {
            throw ApiError.Unknown("resourceVersion should not be set on objects to be created");
        }

        // A kind that does not count generations keeps what a client says.
        foreach (var name in ServerOwned.Where(n => n != "generation" || write.Type.HasGeneration))
        {
            metadata.Remove(name);
        }

        metadata.Remove("selfLink");
        if (!write.IsApply)
        {
            metadata.Remove("managedFields");
        }

        if (string.IsNullOrEmpty(metadata.Str("name")) && metadata.Str("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + identities.Suffix(prefix);
        }

        if (write.Type.HasStatus)
        {
            item.Remove("status");
        }

        metadata["uid"] = identities.Uid($"{write.Type.StorageKey}/{write.Namespace}/{metadata.Str("name")}");
        metadata["creationTimestamp"] = Now;
        if (write.Type.HasGeneration)
        {
            metadata["generation"] = 1;
        }

        Normalize(write.Type, item, null);
    }

    /// <summary>The update as it may be stored: what does not belong to this write is taken from the live object.</summary>
    public static JsonObject PrepareUpdate(WriteRequest write, JsonObject live, JsonObject updated)
    {
        CheckIdentity(write, live, updated);
        if (write.Subresource == "status")
        {
            var result = live.Copy();
            if (write.Type.Custom is null)
            {
                CarryUserMetadata(write, updated, result);
            }

            result["status"] = updated["status"]?.DeepClone();
            if (result["status"] is null)
            {
                result.Remove("status");
            }

            // An apply has accounted for its fields already.
            if (write.IsApply && updated.At("metadata", "managedFields") is { } managed)
            {
                result.Ensure("metadata")["managedFields"] = managed.DeepClone();
            }

            return result;
        }

        var item = updated.Copy();
        var metadata = item.Ensure("metadata");
        foreach (var name in ServerOwned.Where(n => n != "generation" || write.Type.HasGeneration))
        {
            Carry(live.Obj("metadata"), metadata, name);
        }

        if (metadata["managedFields"] is null)
        {
            Carry(live.Obj("metadata"), metadata, "managedFields");
        }

        if (write.Type.HasStatus)
        {
            Carry(live, item, "status");
        }

        return item;
    }

    /// <summary>Defaults and pruning; doing it again changes nothing.</summary>
    public void Normalize(ResourceType type, JsonObject item, JsonObject? live)
    {
        Decoding.Check(type, item);
        if (type.Custom is { } custom)
        {
            UnknownFields.Find(custom.Schema, item, remove: true);
        }

        FillIn(type, item, live);
    }

    /// <summary>Defaults alone: what a webhook adds is pruned no sooner than it is stored.</summary>
    public void FillIn(ResourceType type, JsonObject item, JsonObject? live)
    {
        DropNulls(item.Ensure("metadata"));
        if (type.Custom is { } custom)
        {
            SchemaDefaults.Apply(custom.Schema, item);
        }

        type.Defaults?.Invoke(item);
        if (type.StorageKey == ServiceAddresses.Kind)
        {
            addresses.Assign(item, live);
        }
        else if (type.StorageKey == BuiltInResources.Definitions)
        {
            DefinitionRegistry.Establish(item, Now);
        }
    }

    /// <summary>Throws the 422 with everything that is wrong.</summary>
    public static void Check(ResourceType type, JsonObject item, JsonObject? live)
    {
        var errors = MetadataRules.Check(type, item).Concat(live is null ? [] : MetadataRules.CheckUpdate(type, item, live))
            .Concat(type.Validate?.Invoke(item, live) ?? [])
            .Concat(type.Custom is { } custom ? SchemaRules.Check(custom.Schema, item) : [])
            .ToList();
        if (errors.Count > 0)
        {
            throw ApiError.Invalid(type, item.Str("metadata", "name") ?? "", errors);
        }
    }

    /// <summary>Counts a change of anything but metadata and status.</summary>
    public static void CountGeneration(ResourceType type, JsonObject item, JsonObject live)
    {
        if (!type.HasGeneration)
        {
            return;
        }

        var names = item.Concat(live).Select(p => p.Key).Where(k => k is not ("metadata" or "apiVersion" or "kind") && (k != "status" || !type.HasStatus)).Distinct();
        var generation = live.Int("metadata", "generation") ?? 1;
        item.Ensure("metadata")["generation"] = names.All(n => JsonTree.Same(item[n], live[n])) ? generation : generation + 1;
    }

    private static void CheckIdentity(WriteRequest write, JsonObject live, JsonObject updated)
    {
        var (name, uid, version) = (updated.Str("metadata", "name"), updated.Str("metadata", "uid"), updated.Str("metadata", "resourceVersion"));
        if (name is not null && name != live.Str("metadata", "name"))
        {
            throw ApiError.BadRequest($"the name of the object ({name}) does not match the name on the URL ({live.Str("metadata", "name")})");
        }

        if (!string.IsNullOrEmpty(uid) && uid != live.Str("metadata", "uid"))
        {
            if (write.IsPatch)
            {
                throw ApiError.Invalid(write.Type, write.Name, [FieldError.Invalid("metadata.uid", uid, "field is immutable")]);
            }

            throw ApiError.Conflict(write.Type, write.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.Str("metadata", "uid")}");
        }

        if (write.Type.Custom is not null && write.Subresource != "scale" && string.IsNullOrEmpty(version))
        {
            // Custom resources are never overwritten blindly.
            throw ApiError.MustNameVersion(write.Type, write.Name);
        }

        if (!string.IsNullOrEmpty(version) && version != live.Str("metadata", "resourceVersion"))
        {
            throw ApiError.Modified(write.Type, write.Name);
        }

        if (updated.Str("metadata", "deletionTimestamp") is { } deletion && deletion != live.Str("metadata", "deletionTimestamp"))
        {
            throw ApiError.Invalid(write.Type, write.Name, [FieldError.Invalid("metadata.deletionTimestamp", deletion, "field is immutable")]);
        }

        if (updated.Str("kind") is { } kind && kind != write.Type.Kind)
        {
            throw new ApiError(HttpStatusCode.BadRequest, "BadRequest", $"{kind} in version \"{write.Type.Version}\" cannot be handled as a {write.Type.Kind}");
        }
    }

    // Only custom resources keep a status write off their metadata; of built-in kinds deployments keep their labels.
    private static void CarryUserMetadata(WriteRequest write, JsonObject updated, JsonObject result)
    {
        foreach (var name in ((string[])["labels", "annotations", "finalizers", "ownerReferences"]).Where(n => n != "labels" || write.Type.StorageKey != "apps/deployments"))
        {
            Carry(updated.Obj("metadata"), result.Ensure("metadata"), name);
        }
    }

    private static void Carry(JsonObject? from, JsonObject to, string name)
    {
        if (from?[name] is { } value)
        {
            to[name] = value.DeepClone();
        }
        else
        {
            to.Remove(name);
        }
    }

    private static void DropNulls(JsonObject map)
    {
        foreach (var name in map.Where(p => p.Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 }).Select(p => p.Key).ToList())
        {
            map.Remove(name);
        }
    }
}
