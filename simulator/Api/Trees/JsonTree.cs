using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Trees;

/// <summary>Reading, comparing and writing of untyped objects. Numbers in parsed trees are long or double, nothing else.</summary>
internal static class JsonTree
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 256 };
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    /// <summary>The text as nodes, fully built, so that many threads may read it. Of a repeated key the last one counts; its path goes to <paramref name="duplicates"/>.</summary>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json, List<string>? duplicates = null)
    {
        using var document = JsonDocument.Parse(json, Reading);
        return Build(document.RootElement, "", duplicates);
    }

    public static byte[] Bytes(JsonNode node)
    {
        using var buffer = new MemoryStream(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            node.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    public static string Text(JsonNode? node) => node is null ? "null" : System.Text.Encoding.UTF8.GetString(Bytes(node));

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var key in path)
        {
            node = (node as JsonObject)?[key];
        }

        return node;
    }

    public static JsonObject? Obj(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    public static JsonArray? Arr(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    public static string? Str(this JsonNode? node, params ReadOnlySpan<string> path)
        => node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path)
        => node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static long? Int(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var number = node.At(path).Number();
        return number is { } n && n == Math.Floor(n) ? (long)n : null;
    }

    public static double? Number(this JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return null;
        }

        if (value.TryGetValue<long>(out var whole))
        {
            return whole;
        }

        if (value.TryGetValue<int>(out var small))
        {
            return small;
        }

        return value.TryGetValue<double>(out var number) ? number : null;
    }

    public static IEnumerable<JsonObject> Objects(this JsonArray? list) => list is null ? [] : list.OfType<JsonObject>();

    public static IEnumerable<string> Strings(this JsonArray? list)
        => list is null ? [] : list.Select(n => n.Str()).OfType<string>();

    /// <summary>The object below the key, made when it is not there.</summary>
    public static JsonObject Ensure(this JsonObject node, string key)
    {
        if (node[key] is JsonObject found)
        {
            return found;
        }

        var made = new JsonObject();
        node[key] = made;
        return made;
    }

    /// <summary>Sets a field unless it has a value.</summary>
    public static void Default(this JsonObject node, string key, JsonNode value)
    {
        if (node[key] is null)
        {
            node[key] = value;
        }
    }

    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    public static string Scalar(JsonNode? node) => node.Str() ?? (node.Number() is { } n ? n.ToString("R", CultureInfo.InvariantCulture) : Text(node));

    /// <summary>Deep equality; key order and a number's spelling (1, 1.0) make no difference.</summary>
    public static bool Same(JsonNode? a, JsonNode? b)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        return (a, b) switch
        {
            (JsonObject x, JsonObject y) => x.Count == y.Count && x.All(p => y.TryGetPropertyValue(p.Key, out var other) && Same(p.Value, other)),
            (JsonArray x, JsonArray y) => x.Count == y.Count && x.Zip(y).All(p => Same(p.First, p.Second)),
            (JsonValue x, JsonValue y) => SameValue(x, y),
            _ => false,
        };
    }

    private static bool SameValue(JsonValue a, JsonValue b)
    {
        var kind = a.GetValueKind();
        return kind == b.GetValueKind() && kind switch
        {
            JsonValueKind.Number => a.Number() == b.Number(),
            JsonValueKind.String => a.Str() == b.Str(),
            _ => true,
        };
    }

    private static JsonNode? Build(JsonElement element, string path, List<string>? duplicates)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return BuildObject(element, path, duplicates);
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var (i, item) in element.EnumerateArray().Index())
                {
                    list.Add(Build(item, duplicates is null ? "" : $"{path}[{i}]", duplicates));
                }

                return list;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonValue.Create(element.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(element.GetBoolean());
            default:
                return null;
        }
    }

    private static JsonObject BuildObject(JsonElement element, string path, List<string>? duplicates)
    {
        var result = new JsonObject();
        foreach (var property in element.EnumerateObject())
        {
            var below = duplicates is null ? "" : path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (duplicates is not null && result.ContainsKey(property.Name))
            {
                duplicates.Add(below);
            }

            result[property.Name] = Build(property.Value, below, duplicates);
        }

        return result;
    }
}
