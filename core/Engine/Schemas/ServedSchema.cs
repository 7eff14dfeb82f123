using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Schemas;

/// <summary>What a definition of Canaries keeps of an object that is stored under it, by the rules of structural schemas. Pure.</summary>
internal static class ServedSchema
{
    private const int MostNamed = 5;
    private const string Version = "v1beta1";

    /// <summary>What is wrong with the definition, such as <c>drops status.step, status.nextStepAt and 9 more</c>; null when it keeps all that is needed.</summary>
    internal static string? Problem(JsonObject definition)
    {
        var version = definition.ListAt("spec", "versions").FirstOrDefault(v => v.Text("name") == Version);
        if (version.Flag("served") != true)
        {
            return $"does not serve {Version}";
        }

        if (version.At("subresources", "status") is null)
        {
            return "has no status subresource";
        }

        if (definition.Flag("spec", "preserveUnknownFields") == true)
        {
            return null;
        }

        var schema = version.At("schema", "openAPIV3Schema");
        var dropped = Paths().Where(path => !Keeps(schema, path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.'))).ToList();
        return dropped.Count == 0 ? null
            : dropped.Count <= MostNamed ? $"drops {string.Join(", ", dropped)}"
            : $"drops {string.Join(", ", dropped.Take(MostNamed))} and {dropped.Count - MostNamed} more";
    }

    // The engine's memory first: without it nothing can go on.
    private static IEnumerable<string> Paths()
        => NeededFields.Status.OrderBy(f => f != "step").Select(f => $"status.{f}").Concat(NeededFields.Spec.Select(f => $"spec.{f}"));

    private static bool Keeps(JsonNode? schema, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return true;
        }

        var below = path[0] == "[]" ? schema.At("items") : schema.At("properties", path[0]);
        if (below is not null)
        {
            return Keeps(below, path[1..]);
        }

        // A map keeps any key; what is below it has its values' schema.
        var values = schema.At("additionalProperties");
        return schema.Flag("x-kubernetes-preserve-unknown-fields") == true
            || values.Flag() == true
            || (values is JsonObject && Keeps(values, path[1..]));
    }
}
