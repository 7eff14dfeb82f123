using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Schemas;

/// <summary>Fills in a schema's defaults. Only what is missing is filled, so doing it twice changes nothing.</summary>
internal static class SchemaDefaults
{
    public static void Apply(Schema schema, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, property) in schema.Properties)
                {
                    Fill(map, name, property);
                }

                // A null that the schema does not allow counts as not being there.
                foreach (var name in map.Where(p => p.Value is null && schema.Property(p.Key) is { Nullable: false, PreserveUnknown: false, Type: not null }).Select(p => p.Key).ToList())
                {
                    map.Remove(name);
                }

                foreach (var (name, value) in map)
                {
                    if (schema.Property(name) is { } below)
                    {
                        Apply(below, value);
                    }
                }

                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                {
                    Apply(items, item);
                }

                break;
            default:
                break;
        }
    }

    private static void Fill(JsonObject map, string name, Schema property)
    {
        if (property.Default is { } value && (!map.TryGetPropertyValue(name, out var now) || (now is null && !property.Nullable)))
        {
            map[name] = value.DeepClone();
        }
    }
}
