using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Schemas;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>Checks of a CustomResourceDefinition when it is written.</summary>
internal static class DefinitionRules
{
    public static IEnumerable<FieldError> Check(JsonObject definition)
    {
        var spec = definition.Obj("spec") ?? [];
        foreach (var (path, value) in new[] { ("spec.group", spec.Str("group")), ("spec.names.plural", spec.Str("names", "plural")), ("spec.names.kind", spec.Str("names", "kind")) })
        {
            if (string.IsNullOrEmpty(value))
            {
                yield return FieldError.Required(path);
            }
        }

        var name = $"{spec.Str("names", "plural")}.{spec.Str("group")}";
        if (definition.Str("metadata", "name") != name)
        {
            yield return FieldError.Invalid("metadata.name", definition.At("metadata", "name"), $"must be spec.names.plural+\".\"+spec.group, which is {name}");
        }

        if (spec.Str("scope") is not ("Namespaced" or "Cluster"))
        {
            yield return FieldError.NotSupported("spec.scope", spec["scope"], ["\"Cluster\"", "\"Namespaced\""]);
        }

        foreach (var error in Versions(spec).Concat(Conversion(spec)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Versions(JsonObject spec)
    {
        var versions = spec.Arr("versions").Objects().ToList();
        if (versions.Count(v => v.Flag("storage") == true) != 1)
        {
            yield return FieldError.Invalid("spec.versions", spec["versions"]?.DeepClone() is JsonArray list ? list.Count : null, "must have exactly one version marked as storage version");
        }

        foreach (var (i, version) in versions.Index())
        {
            if (version.Obj("schema", "openAPIV3Schema") is not { } raw)
            {
                yield return FieldError.Required($"spec.versions[{i}].schema.openAPIV3Schema", "schemas are required");
            }
            else if (Problem(() => Schema.From(raw)) is { } problem)
            {
                yield return FieldError.Invalid($"spec.versions[{i}].schema.openAPIV3Schema", problem.Value, problem.Text);
            }

            // A definition of one version is told about as if its schema stood beside the versions.
            var at = versions.Count == 1 ? "spec.validation.openAPIV3Schema" : $"spec.versions[{i}].schema.openAPIV3Schema";
            foreach (var error in version.Obj("schema", "openAPIV3Schema") is { } structure ? Structure(structure, at, isRoot: true) : [])
            {
                yield return error;
            }

            foreach (var (j, column) in version.Arr("additionalPrinterColumns").Objects().Index())
            {
                if (Problem(() => JsonPath.Parse(column.Str("jsonPath") ?? "")) is { } wrong)
                {
                    yield return FieldError.Invalid($"spec.versions[{i}].additionalPrinterColumns[{j}].jsonPath", column["jsonPath"], wrong.Text);
                }
            }
        }
    }

    /// <summary>Schemas are structural: every value has a type, and the whole is an object.</summary>
    private static IEnumerable<FieldError> Structure(JsonObject schema, string at, bool isRoot)
    {
        var type = schema.Str("type") ?? "";
        if (isRoot && type != "object" && type.Length > 0)
        {
            yield return FieldError.Invalid($"{at}.type", type, "must be object at the root");
        }
        else if (type.Length == 0 && schema.Flag("x-kubernetes-int-or-string") != true && schema.Flag("x-kubernetes-preserve-unknown-fields") != true)
        {
            yield return FieldError.Required($"{at}.type", isRoot ? "must not be empty at the root" : "must not be empty for specified object fields");
        }

        var below = (schema.Obj("properties") ?? []).Select(p => (At: $"{at}.properties[{p.Key}]", Below: p.Value))
            .Append((At: $"{at}.items", Below: schema["items"])).Append((At: $"{at}.additionalProperties", Below: schema["additionalProperties"]));
        foreach (var error in below.SelectMany(b => b.Below is JsonObject inner ? Structure(inner, b.At, isRoot: false) : []))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Conversion(JsonObject spec)
    {
        var conversion = spec.Obj("conversion");
        switch (conversion.Str("strategy"))
        {
            case "None":
                return [];
            case "Webhook":
                IEnumerable<FieldError> missing = conversion.Arr("webhook", "conversionReviewVersions").Strings().Contains("v1") ? []
                    : [FieldError.Invalid("spec.conversion.webhook.conversionReviewVersions", conversion.At("webhook", "conversionReviewVersions"), "must include at least one of v1")];
                return missing.Concat(WebhookRules.ClientConfig(conversion.Obj("webhook", "clientConfig"), "spec.conversion.webhook.clientConfig"));
            default:
                return [FieldError.NotSupported("spec.conversion.strategy", conversion.At("strategy"), ["\"None\"", "\"Webhook\""])];
        }
    }

    private static (string Text, JsonNode? Value)? Problem(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (FormatException e)
        {
            return (e.Message, null);
        }
    }
}
