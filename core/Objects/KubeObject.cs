using System.Globalization;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Objects;

/// <summary>Reading and building untyped Kubernetes objects. Untyped, because such an object loses no field that a newer cluster added.</summary>
public static class KubeObject
{
    /// <summary>An object with apiVersion, kind and the metadata that name it.</summary>
    public static JsonObject New(ResourceKind kind, string? ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        return new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata };
    }

    public static ObjectRef RefOf(this JsonObject obj, ResourceKind kind) => new(kind, kind.Namespaced ? obj.Namespace() : null, obj.Name());

    /// <summary><c>metadata</c>, created empty when absent.</summary>
    public static JsonObject Metadata(this JsonObject obj) => obj.Section("metadata");

    public static string Name(this JsonObject obj) => obj.Text("metadata", "name") ?? "";

    public static string Namespace(this JsonObject obj) => obj.Text("metadata", "namespace") ?? "";

    public static string Uid(this JsonObject obj) => obj.Text("metadata", "uid") ?? "";

    public static string ResourceVersion(this JsonObject obj) => obj.Text("metadata", "resourceVersion") ?? "";

    /// <summary><c>metadata.generation</c>; 0 where the API server has not set one.</summary>
    public static long Generation(this JsonObject obj) => obj.Number("metadata", "generation") is { } n ? (long)n : 0;

    public static bool IsBeingDeleted(this JsonObject obj) => obj.Text("metadata", "deletionTimestamp") is not null;

    public static string? Annotation(this JsonObject obj, string key) => obj.Text("metadata", "annotations", key);

    public static string? Label(this JsonObject obj, string key) => obj.Text("metadata", "labels", key);

    /// <summary>The object below <paramref name="key"/>, created empty when absent or of another type.</summary>
    public static JsonObject Section(this JsonObject obj, string key)
    {
        if (obj[key] is JsonObject found)
        {
            return found;
        }

        var created = new JsonObject();
        obj[key] = created;
        return created;
    }

    /// <summary>The node at the path of keys, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var key in path)
        {
            if (node is not JsonObject obj || !obj.TryGetPropertyValue(key, out node))
            {
                return null;
            }
        }

        return node;
    }

    public static JsonObject? ObjectAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    /// <summary>The list at the path; empty when absent.</summary>
    public static IEnumerable<JsonNode> ListAt(this JsonNode? node, params ReadOnlySpan<string> path)
        => (node.At(path) as JsonArray)?.OfType<JsonNode>() ?? [];

    /// <summary>The string at the path; null when absent or not a string.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path)
        => node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The number at the path; null when absent or not a number.</summary>
    public static double? Number(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) is JsonValue value ? AsNumber(value) : null;

    public static int? Integer(this JsonNode? node, params ReadOnlySpan<string> path)
        => node.Number(path) is { } n && Math.Abs(n) <= int.MaxValue ? (int)n : null;

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path)
        => node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>A map of strings at the path; entries of other types are left out.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.ObjectAt(path) ?? [])
        {
            if (value.Text() is { } text)
            {
                map[key] = text;
            }
        }

        return map;
    }

    /// <summary>RFC 3339 as the API server writes <c>metav1.Time</c>: whole seconds, UTC.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 3339 as <c>metav1.MicroTime</c>: microseconds, UTC. Short intervals need more than whole seconds.</summary>
    public static string MicroTimestamp(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time at the path; null when absent or unreadable.</summary>
    public static DateTimeOffset? Time(this JsonNode? node, params ReadOnlySpan<string> path)
        => DateTimeOffset.TryParse(node.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static JsonObject Copy(this JsonObject obj) => (JsonObject)obj.DeepClone();

    private static double? AsNumber(JsonValue value)
    {
        if (value.TryGetValue<double>(out var d))
        {
            return d;
        }

        // A value made in memory keeps its own type and converts to no other.
        return value.TryGetValue<int>(out var i) ? i : value.TryGetValue<long>(out var l) ? l : null;
    }
}
