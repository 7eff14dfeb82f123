using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Schemas;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>Keeps the catalogue in step with the stored definitions; runs inside the store's write, so a definition is served once its write is answered.</summary>
internal sealed class DefinitionRegistry(ResourceCatalog catalog)
{
    private readonly Dictionary<string, IReadOnlyList<ResourceType>> _byDefinition = new(StringComparer.Ordinal);

    public void OnChange(StoreEvent change)
    {
        if (change.Object.Kind != BuiltInResources.Definitions)
        {
            return;
        }

        if (change.Change == ChangeKind.Deleted)
        {
            _byDefinition.Remove(change.Object.Name);
        }
        else
        {
            // A status write leaves the spec as it is; the read schemas stay.
            if (change.Previous is { } before && JsonTree.Same(before.Json["spec"], change.Object.Json["spec"]))
            {
                return;
            }

            _byDefinition[change.Object.Name] = [.. Read(change.Object.Json)];
        }

        catalog.SetCustom(_byDefinition.Values.SelectMany(t => t));
    }

    /// <summary>What the API extension controllers write: names accepted, established, stored versions.</summary>
    public static void Establish(JsonObject definition, string now)
    {
        var status = definition.Ensure("status");
        status["acceptedNames"] = definition.At("spec", "names")?.DeepClone();
        var stored = status.Arr("storedVersions").Strings().ToList();
        var current = definition.Arr("spec", "versions").Objects().FirstOrDefault(v => v.Flag("storage") == true).Str("name");
        status["storedVersions"] = new JsonArray([.. stored.Append(current).OfType<string>().Distinct().Select(v => JsonValue.Create(v))]);
        if (status.Arr("conditions") is null or { Count: 0 })
        {
            status["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now));
        }
    }

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["lastTransitionTime"] = now,
        ["message"] = message,
        ["reason"] = reason,
        ["status"] = "True",
        ["type"] = type,
    };

    private static IEnumerable<ResourceType> Read(JsonObject definition)
    {
        var spec = definition.Obj("spec")!;
        var names = spec.Obj("names")!;
        var versions = spec.Arr("versions").Objects().ToList();
        var storage = versions.First(v => v.Flag("storage") == true).Str("name")!;
        foreach (var version in versions.Where(v => v.Flag("served") == true))
        {
            yield return new ResourceType(spec.Str("group")!, version.Str("name")!, names.Str("kind")!, names.Str("plural")!)
            {
                Singular = names.Str("singular")!,
                ListKind = names.Str("listKind")!,
                ShortNames = [.. names.Arr("shortNames").Strings()],
                Categories = [.. names.Arr("categories").Strings()],
                Namespaced = spec.Str("scope") == "Namespaced",
                HasStatus = version.Obj("subresources", "status") is not null,
                Scale = Scale(version.Obj("subresources", "scale")),
                HasGeneration = true,
                StorageVersion = storage,
                Custom = Custom(definition, version),
            };
        }
    }

    private static CustomVersion Custom(JsonObject definition, JsonObject version)
    {
        var raw = version.Obj("schema", "openAPIV3Schema");
        var webhook = definition.Str("spec", "conversion", "strategy") == "Webhook"
            ? new WebhookConversion(definition.Obj("spec", "conversion", "webhook", "clientConfig") ?? [])
            : null;
        var columns = version.Arr("additionalPrinterColumns").Objects().Select(c => new PrinterColumn(
            c.Str("name") ?? "", c.Str("type") ?? "string", c.Str("format") ?? "", c.Str("description") ?? "", (int)(c.Int("priority") ?? 0), c.Str("jsonPath") ?? ""));
        return new CustomVersion(definition.Str("metadata", "name") ?? "", raw is null ? Schema.Anything : Schema.From(raw), raw, [.. columns], webhook);
    }

    private static ScalePaths? Scale(JsonObject? scale) => scale is null ? null
        : new(scale.Str("specReplicasPath") ?? ".spec.replicas", scale.Str("statusReplicasPath") ?? ".status.replicas", scale.Str("labelSelectorPath"));
}
