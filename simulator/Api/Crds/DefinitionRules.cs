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

            foreach (var (j, column) in version.Arr("additionalPrinterColumns").Objects().Index())
            {
                if (Problem(() => JsonPath.Parse(column.Str("jsonPath") ?? "")) is { } wrong)
                {
                    yield return FieldError.Invalid($"spec.versions[{i}].additionalPrinterColumns[{j}].jsonPath", column["jsonPath"], wrong.Text);
                }
            }
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
