using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Cel;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>Calls the webhooks of the stored configurations: mutating ones one after the other, validating ones at the same time.</summary>
internal sealed class AdmissionChain(ObjectStore store, ResourceCatalog catalog, ConversionService conversion, WebhookCaller caller)
{
    private readonly ConditionalWeakTable<JsonObject, List<Webhook>> _parsed = [];

    /// <summary>The object as the mutating webhooks leave it. Throws when one denies or cannot be asked under failure policy Fail.</summary>
    public async Task<JsonObject?> MutateAsync(AdmissionAttributes attributes, CancellationToken ct)
    {
        var current = attributes;
        foreach (var (hook, type) in Hooks(BuiltInResources.MutatingWebhooks, attributes))
        {
            var asked = await InVersionAsync(current, type, ct);
            if (await AskAsync(hook, asked, attributes.Type, ct) is { } response && response.Str("patch") is { } patch && asked.Object is not null)
            {
                var patched = Patch(hook, asked.Object, patch);
                current = current with { Object = await conversion.ConvertAsync(patched, attributes.Type, attributes.Type.ApiVersion, ct) };
            }
        }

        return current.Object;
    }

    public async Task ValidateAsync(AdmissionAttributes attributes, CancellationToken ct)
        => await Task.WhenAll(Hooks(BuiltInResources.ValidatingWebhooks, attributes)
            .Select(async h => await AskAsync(h.Hook, await InVersionAsync(attributes, h.Type, ct), attributes.Type, ct)));

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
        if (type.Version == attributes.Type.Version)
        {
            return attributes;
        }

        return attributes with
        {
            Type = type,
            Object = attributes.Object is { } now ? await conversion.ConvertAsync(now, type, type.ApiVersion, ct) : null,
            OldObject = attributes.OldObject is { } before ? await conversion.ConvertAsync(before, type, type.ApiVersion, ct) : null,
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
