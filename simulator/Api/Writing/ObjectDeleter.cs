using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>Deletes at once, or marks what finalizers, a grace period or contents still hold.</summary>
internal sealed class ObjectDeleter(ObjectStore store, AdmissionChain admission, ConversionService conversion, ObjectShaping shaping, ApiServerOptions options)
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";
    public const string DefinitionCleanup = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>The object when it stays for now, else a Status that tells of success.</summary>
    public async Task<JsonObject> DeleteAsync(WriteRequest write, DeleteOptions delete, CancellationToken ct)
    {
        while (true)
        {
            var item = store.Find(write.Type.StorageKey, write.Namespace, write.Name) ?? throw ApiError.NotFound(write.Type, write.Name);
            delete.CheckPreconditions(write.Type, item);
            var current = await conversion.ConvertAsync(item.Json, write.Type, write.Type.ApiVersion, ct);
            var attributes = write.Attributes("DELETE", write.Name, null, current);
            await admission.MutateAsync(attributes, ct);
            await admission.ValidateAsync(attributes, ct);

            var marked = Mark(write.Type, item, delete);
            if (delete.DryRun)
            {
                return marked ?? Success(write.Type, item);
            }

            if (marked is null)
            {
                if (store.TryRemove(item, item.Json.Copy()) is not null)
                {
                    return Success(write.Type, item);
                }
            }
            else if (JsonTree.Same(marked, item.Json))
            {
                return current;
            }
            else if (store.TryReplace(item, marked) is { } stored)
            {
                return await conversion.ConvertAsync(stored.Json, write.Type, write.Type.ApiVersion, ct);
            }
        }
    }

    private static JsonObject Success(ResourceType type, StoredObject item)
    {
        var details = new JsonObject { ["name"] = item.Name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = type.Plural;
        details["uid"] = item.Uid;
        return new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    /// <summary>The object as it waits for its end; null when nothing holds it.</summary>
    private JsonObject? Mark(ResourceType type, StoredObject item, DeleteOptions delete)
    {
        var finalizers = item.Finalizers.Concat(Added(type, item, delete.Policy)).Distinct().ToList();
        var grace = GracePeriod(type, item, delete);
        var isNamespace = type.StorageKey == BuiltInResources.Namespaces && item.Json.Arr("spec", "finalizers") is { Count: > 0 };
        if (finalizers.Count == 0 && grace == 0 && !isNamespace)
        {
            return null;
        }

        var marked = item.Json.Copy();
        var metadata = marked.Ensure("metadata");
        if (!item.Terminating)
        {
            metadata["deletionTimestamp"] = shaping.Now;
            metadata["deletionGracePeriodSeconds"] = grace;
            if (metadata.Int("generation") is { } generation)
            {
                metadata["generation"] = generation + 1;
            }
        }

        metadata["deletionGracePeriodSeconds"] = Math.Min(grace, metadata.Int("deletionGracePeriodSeconds") ?? grace);
        if (finalizers.Count > 0)
        {
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]);
        }

        if (isNamespace)
        {
            marked.Ensure("status")["phase"] = "Terminating";
        }

        return marked;
    }

    private static IEnumerable<string> Added(ResourceType type, StoredObject item, string policy)
    {
        if (type.StorageKey == BuiltInResources.Definitions && !item.Terminating)
        {
            yield return DefinitionCleanup;
        }

        if (policy == "Foreground")
        {
            yield return Foreground;
        }
        else if (policy == "Orphan")
        {
            yield return Orphan;
        }
    }

    private long GracePeriod(ResourceType type, StoredObject item, DeleteOptions delete)
    {
        if (!options.GracefulPodDeletion || type.StorageKey != "/pods" || item.Json.Str("spec", "nodeName") is null or "" || item.Json.Str("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        return delete.GracePeriodSeconds ?? item.Json.Int("spec", "terminationGracePeriodSeconds") ?? 30;
    }
}
