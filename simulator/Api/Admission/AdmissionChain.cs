using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Cel;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Handling;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>Calls the webhooks of the stored configurations: mutating ones one after the other, validating ones at the same time.</summary>
internal sealed class AdmissionChain(ObjectStore store, ResourceCatalog catalog, ConversionService conversion, WebhookCaller caller)
{
    private const string Scale = "scale";
    private readonly ConditionalWeakTable<JsonObject, List<Webhook>> _parsed = [];

    /// <summary>The object as the mutating webhooks leave it. Throws when one denies or cannot be asked under failure policy Fail.</summary>
    public async Task<JsonObject?> MutateAsync(AdmissionAttributes attributes, CancellationToken ct)
    {
        var current = Reviewed(attributes);
        var asked = new List<(Webhook Hook, ResourceType Type)>();
        var again = new List<(Webhook Hook, ResourceType Type)>();
        foreach (var hook in Hooks(BuiltInResources.MutatingWebhooks, attributes))
        {
            var changed = await ChangeAsync(hook, current, ct);
            if (!JsonTree.Same(changed.Object, current.Object))
            {
                again = [.. asked.Where(a => a.Hook.WantsLaterChanges)];
            }

            current = changed;
            asked.Add(hook);
        }

        foreach (var hook in again)
        {
            current = await ChangeAsync(hook, current, ct);
        }

        if (attributes.Subresource == Scale && !JsonTree.Same(current.Object, Reviewed(attributes).Object))
        {
            return ScaleView.Apply(attributes.Type, attributes.Object!.Copy(), current.Object!);
        }

        return attributes.Subresource == Scale ? attributes.Object : current.Object;
    }

    public async Task ValidateAsync(AdmissionAttributes attributes, CancellationToken ct)
    {
        var reviewed = Reviewed(attributes);
        await Task.WhenAll(Hooks(BuiltInResources.ValidatingWebhooks, attributes)
            .Select(async h => await AskAsync(h.Hook, await InVersionAsync(reviewed, h.Type, ct), attributes.Type, ct)));
    }

    /// <summary>A change of the scale is reviewed as one of the Scale.</summary>
    private static AdmissionAttributes Reviewed(AdmissionAttributes attributes) => attributes.Subresource != Scale ? attributes : attributes with
    {
        Object = attributes.Object is { } now ? ScaleView.Of(attributes.Type, now) : null,
        OldObject = attributes.OldObject is { } before ? ScaleView.Of(attributes.Type, before) : null,
    };

    private async Task<AdmissionAttributes> ChangeAsync((Webhook Hook, ResourceType Type) hook, AdmissionAttributes current, CancellationToken ct)
    {
        var asked = await InVersionAsync(current, hook.Type, ct);
        if (await AskAsync(hook.Hook, asked, current.Type, ct) is not { } response || response.Str("patch") is not { } patch || asked.Object is null)
        {
            return current;
        }

        var patched = Patch(hook.Hook, asked.Object, patch);
        return current with { Object = current.Subresource == Scale ? patched : await conversion.ConvertAsync(patched, current.Type, current.Type.ApiVersion, ct) };
    }

    private List<(Webhook Hook, ResourceType Type)> Hooks(string kind, AdmissionAttributes attributes)
    {
        // As in the real server, webhooks are never asked about webhook configurations: a broken one could not be repaired.
        if (attributes.Type.StorageKey is BuiltInResources.MutatingWebhooks or BuiltInResources.ValidatingWebhooks)
        {
            return [];
        }

        var others = catalog.All.Where(t => t.StorageKey == attributes.Type.StorageKey && t.Version != attributes.Type.Version).ToList();
        var ns = NamespaceOf(attributes);
        return [.. store.List(kind).Items.SelectMany(c => _parsed.GetValue(c.Json, Parse)).Select(h => (Hook: h, Type: h.Match(attributes, others, ns)))
            .Where(m => m.Type is not null).Select(m => (m.Hook, m.Type!))];
    }

    private async Task<AdmissionAttributes> InVersionAsync(AdmissionAttributes attributes, ResourceType type, CancellationToken ct)
    {
        if (type.Version == attributes.Type.Version || attributes.Subresource == Scale)
        {
            return attributes with { Type = type };
        }

        return attributes with
        {
            Type = type,
            Object = attributes.Object is { } now ? await conversion.ConvertForReviewAsync(now, type, type.ApiVersion, ct) : null,
            OldObject = attributes.OldObject is { } before ? await conversion.ConvertForReviewAsync(before, type, type.ApiVersion, ct) : null,
        };
    }

    private static List<Webhook> Parse(JsonObject configuration) => [.. configuration.Arr("webhooks").Objects().Select(w => new Webhook(w))];

    private JsonObject? NamespaceOf(AdmissionAttributes attributes)
        => attributes.Namespace.Length == 0 ? null : store.Find(BuiltInResources.Namespaces, "", attributes.Namespace)?.Json;

    /// <summary>The response of an allowing webhook; null when it was not asked or its failure is ignored.</summary>
    private async Task<JsonObject?> AskAsync(Webhook hook, AdmissionAttributes attributes, ResourceType requested, CancellationToken ct)
    {
        var request = AdmissionReview.Request(attributes, requested);
        JsonObject response;
        try
        {
            if (!hook.ConditionsHold(Variables(attributes, request)))
            {
                return null;
            }

            if (attributes.DryRun && !hook.AllowsDryRun)
            {
                throw ApiError.BadRequest($"admission webhook \"{hook.Name}\" does not support dry run");
            }

            response = AdmissionReview.Response(await caller.PostAsync(hook.ClientConfig, AdmissionReview.Wrap(request), hook.Timeout, ct), request.Str("uid")!);
        }
        catch (Exception e) when (e is WebhookFailure or CelError)
        {
            if (hook.IgnoresFailure)
            {
                return null;
            }

            throw e is CelError
                ? new ApiError(HttpStatusCode.Forbidden, "Forbidden", $"{attributes.Type.Qualified} \"{attributes.Name}\" is forbidden: matchConditions of webhook \"{hook.Name}\": {e.Message}")
                : ApiError.Internal($"failed calling webhook \"{hook.Name}\": {e.Message}");
        }

        lock (attributes.Warnings)
        {
            foreach (var warning in response.Arr("warnings").Strings())
            {
                attributes.Warnings.Add(warning);
            }
        }

        return response.Flag("allowed") == true ? response : throw AdmissionReview.Denied(hook.Name, response.Obj("status"));
    }

    private Dictionary<string, JsonNode?> Variables(AdmissionAttributes attributes, JsonObject request) => new(StringComparer.Ordinal)
    {
        ["object"] = attributes.Object,
        ["oldObject"] = attributes.OldObject,
        ["request"] = request,
        ["namespaceObject"] = NamespaceOf(attributes),
    };

    private static JsonObject Patch(Webhook hook, JsonObject target, string patch)
    {
        try
        {
            var operations = JsonTree.Parse(Convert.FromBase64String(patch)) as JsonArray
                ?? throw new FormatException("the patch is not a list");
            return JsonPatch.Apply(target, operations);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw ApiError.Internal($"failed calling webhook \"{hook.Name}\": {e.Message}");
        }
    }
}
