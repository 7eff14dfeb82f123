using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Schemas;

/// <summary>Finds what a schema does not know, for strict validation, and takes it away, as storing does.</summary>
internal static class UnknownFields
{
    private static readonly HashSet<string> Envelope = new(StringComparer.Ordinal) { "apiVersion", "kind", "metadata" };

    /// <summary>Paths of unknown fields; with <paramref name="remove"/> they are gone afterwards.</summary>
    public static IReadOnlyList<string> Find(Schema schema, JsonObject root, bool remove)
    {
        var found = new List<string>();
        Visit(schema, root, "", isResource: true, remove, found);
        return found;
    }

    private static void Visit(Schema schema, JsonNode? node, string path, bool isResource, bool remove, List<string> found)
    {
        if (node is JsonArray list && schema.Items is { } items)
        {
            foreach (var (i, item) in list.Index())
            {
                Visit(items, item, $"{path}[{i}]", items.EmbeddedResource, remove, found);
            }
        }

        if (node is not JsonObject map || schema.Type is not (null or "object"))
        {
            return;
        }

        foreach (var (name, value) in map.ToList())
        {
            if (isResource && Envelope.Contains(name))
            {
                continue;
            }

            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Property(name) is { } property)
            {
                Visit(property, value, below, property.EmbeddedResource, remove, found);
            }
            else if (!schema.PreserveUnknown && !schema.HasProperty(name))
            {
                found.Add(below);
                if (remove)
                {
                    map.Remove(name);
                }
            }
        }
    }
}
