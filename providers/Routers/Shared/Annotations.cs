using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Shared;

/// <summary>Annotations, which anybody may have edited.</summary>
internal static class Annotations
{
    /// <summary>The JSON that one holds; null for a missing annotation and for text that is no JSON, which then counts as nothing.</summary>
    public static JsonNode? Parse(string? annotation)
    {
        try
        {
            return annotation is null ? null : JsonNode.Parse(annotation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes one. An empty map does not stay: it would be a difference that says nothing.</summary>
    public static void Remove(JsonObject obj, string key)
    {
        if (obj.ObjectAt("metadata", "annotations") is { } annotations && annotations.Remove(key) && annotations.Count == 0)
        {
            obj.Metadata().Remove("annotations");
        }
    }
}
