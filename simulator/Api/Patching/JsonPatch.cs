using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>RFC 6902: add, remove, replace, move, copy, test.</summary>
internal static class JsonPatch
{
    /// <summary>The patched copy. Throws <see cref="FormatException"/> that names the operation, its path and the problem.</summary>
    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        var root = target.Copy();
        foreach (var (i, node) in operations.Index())
        {
            var operation = node as JsonObject ?? throw new FormatException($"json patch: operation {i} is not an object");
            Run(root, operation, i);
        }

        return root;
    }

    private static void Run(JsonObject root, JsonObject operation, int index)
    {
        var op = operation.Str("op");
        var path = Split(operation.Str("path") ?? throw new FormatException($"json patch: operation {index} ({op}): path is missing"));
        switch (op)
        {
            case "add":
                Add(root, path, operation["value"]?.DeepClone());
                break;
            case "remove":
                Take(root, path);
                break;
            case "replace":
                Take(root, path);
                Add(root, path, operation["value"]?.DeepClone());
                break;
            case "move":
                Add(root, path, Take(root, From(operation, index)));
                break;
            case "copy":
                Add(root, path, Find(root, From(operation, index))?.DeepClone());
                break;
            case "test":
                if (!JsonTree.Same(Find(root, path), operation["value"]))
                {
                    throw new FormatException($"json patch: testing value {operation.Str("path")} failed: the value is {JsonTree.Text(Find(root, path))}");
                }

                break;
            default:
                throw new FormatException($"json patch: operation {index}: unexpected kind \"{op}\"; use one of: add, remove, replace, move, copy, test");
        }
    }

    private static string[] From(JsonObject operation, int index)
        => Split(operation.Str("from") ?? throw new FormatException($"json patch: operation {index}: from is missing"));

    private static string[] Split(string pointer)
    {
        if (pointer.Length == 0)
        {
            return [];
        }

        return pointer[0] == '/'
            ? [.. pointer[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw new FormatException($"json patch: path \"{pointer}\" must start with /");
    }

    private static JsonNode? Find(JsonNode root, ReadOnlySpan<string> path)
    {
        JsonNode? node = root;
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(part, out var value) => value,
                JsonArray list => list[Index(list, part, list.Count - 1)],
                _ => throw Missing(path),
            };
        }

        return node;
    }

    private static void Add(JsonObject root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            var given = value as JsonObject ?? throw new FormatException("json patch: the whole document must stay an object");
            root.Clear();
            foreach (var (key, item) in given.ToList())
            {
                given.Remove(key);
                root[key] = item;
            }

            return;
        }

        switch (Find(root, path.AsSpan()[..^1]))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(list, path[^1], list.Count), value);
                break;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Take(JsonObject root, string[] path)
    {
        if (path.Length == 0)
        {
            return root.DeepClone();
        }

        switch (Find(root, path.AsSpan()[..^1]))
        {
            case JsonObject map when map.TryGetPropertyValue(path[^1], out var value):
                map.Remove(path[^1]);
                return value;
            case JsonArray list:
                var index = Index(list, path[^1], list.Count - 1);
                var item = list[index];
                list.RemoveAt(index);
                return item;
            default:
                throw Missing(path);
        }
    }

    private static int Index(JsonArray list, string part, int last)
        => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last
            ? index
            : throw new FormatException($"json patch: index \"{part}\" is not within the list of {list.Count}");

    private static FormatException Missing(ReadOnlySpan<string> path)
        => new($"json patch: the path /{string.Join('/', path!)} does not exist");
}
