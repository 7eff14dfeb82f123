using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>
/// The fields of an object that count for ownership, as a flat map of path to value. A path joins fieldsV1 elements
/// (f:name, k:{"name":"x"}, v:"x"); a list item with a key is present itself, under its own path.
/// </summary>
internal static class FieldSet
{
    private const char Separator = '\u0001';

    public static Dictionary<string, JsonNode?> Of(JsonObject root, MergeShape shape)
    {
        var result = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in root)
        {
            if (name == "metadata" && value is JsonObject metadata)
            {
                // Identity and what the server writes belong to nobody.
                foreach (var (key, item) in metadata.Where(m => m.Key is "labels" or "annotations" or "finalizers" or "ownerReferences" or "generateName"))
                {
                    Add(item, $"f:metadata{Separator}f:{key}", shape.Field("metadata").Field(key), result);
                }
            }
            else if (name is not ("apiVersion" or "kind" or "metadata"))
            {
                Add(value, $"f:{name}", shape.Field(name), result);
            }
        }

        return result;
    }

    public static JsonObject ToFieldsV1(IEnumerable<string> paths)
    {
        var root = new JsonObject();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var node = root;
            foreach (var part in path.Split(Separator))
            {
                node = node.Ensure(part);
            }

            node["."] = new JsonObject();
        }

        Tidy(root);
        return root;
    }

    public static HashSet<string> FromFieldsV1(JsonObject? fields)
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        Collect(fields, "", result);
        return result;
    }

    /// <summary>.spec.containers[name="x"].image: how conflict messages name a path.</summary>
    public static string Show(string path)
    {
        var text = new StringBuilder();
        foreach (var part in path.Split(Separator))
        {
            text.Append(part[..2] switch
            {
                "f:" => "." + part[2..],
                "k:" => "[" + string.Join(",", (JsonNode.Parse(part[2..]) as JsonObject ?? []).Select(p => $"{p.Key}={JsonTree.Text(p.Value)}")) + "]",
                _ => $"[={part[2..]}]",
            });
        }

        return text.ToString();
    }

    /// <summary>Takes the field away, and parents that are left empty with it.</summary>
    public static void Remove(JsonObject root, string path, MergeShape shape) => Remove(root, path.Split(Separator), shape);

    public static bool IsBelow(string path, string parent) => path.Length > parent.Length && path[parent.Length] == Separator && path.StartsWith(parent, StringComparison.Ordinal);

    /// <summary>Whether the path ends with the item of a list that merges by keys.</summary>
    public static bool IsKeyedItem(string path) => path.AsSpan(path.LastIndexOf(Separator) + 1).StartsWith("k:", StringComparison.Ordinal);

    public static string ItemKey(JsonObject item, MergeShape shape)
    {
        var key = new JsonObject();
        foreach (var name in shape.Keys.Order(StringComparer.Ordinal))
        {
            // A port without protocol is a TCP port: items are compared before defaults are filled in, too.
            key[name] = item[name]?.DeepClone() ?? (name == "protocol" ? "TCP" : null);
        }

        return "k:" + JsonTree.Text(key);
    }

    private static void Add(JsonNode? node, string path, MergeShape shape, Dictionary<string, JsonNode?> result)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map when !shape.AtomicMap:
                foreach (var (name, value) in map)
                {
                    Add(value, $"{path}{Separator}f:{name}", shape.Field(name), result);
                }

                break;
            case JsonArray list when shape.List == ListMerge.Keyed && list.All(i => i is JsonObject):
                foreach (var item in list.Objects())
                {
                    var at = $"{path}{Separator}{ItemKey(item, shape)}";
                    result[at] = null;
                    foreach (var (name, value) in item)
                    {
                        Add(value, $"{at}{Separator}f:{name}", shape.Item.Field(name), result);
                    }
                }

                break;
            case JsonArray list when shape.List == ListMerge.Set:
                foreach (var item in list)
                {
                    result[$"{path}{Separator}v:{JsonTree.Text(item)}"] = item;
                }

                break;
            default:
                result[path] = node;
                break;
        }
    }

    private static bool Remove(JsonNode? node, ReadOnlySpan<string> path, MergeShape shape)
    {
        var part = path[0];
        switch (node)
        {
            case JsonObject map when part.StartsWith("f:", StringComparison.Ordinal):
                var name = part[2..];
                if (path.Length == 1 || Remove(map[name], path[1..], shape.Field(name)))
                {
                    map.Remove(name);
                }

                return map.Count == 0;
            case JsonArray list when list.FirstOrDefault(i => Names(i, part, shape)) is { } item:
                if (path.Length == 1)
                {
                    list.Remove(item);
                }
                else
                {
                    Remove(item, path[1..], shape.Item);
                }

                return list.Count == 0;
            default:
                return false;
        }
    }

    private static bool Names(JsonNode? item, string part, MergeShape shape)
        => part.StartsWith("v:", StringComparison.Ordinal) ? "v:" + JsonTree.Text(item) == part : item is JsonObject map && ItemKey(map, shape) == part;

    private static void Tidy(JsonObject node)
    {
        if (node.Count == 1 && node.ContainsKey("."))
        {
            node.Clear();
        }

        foreach (var (key, below) in node)
        {
            if (key != "." && below is JsonObject map)
            {
                Tidy(map);
            }
        }
    }

    private static void Collect(JsonObject? node, string path, HashSet<string> result)
    {
        if (node is null)
        {
            return;
        }

        if (path.Length > 0 && (node.Count == 0 || node.ContainsKey(".")))
        {
            result.Add(path);
        }

        foreach (var (key, below) in node.Where(p => p.Key != "."))
        {
            Collect(below as JsonObject, path.Length == 0 ? key : $"{path}{Separator}{key}", result);
        }
    }
}
