using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Admission;

/// <summary>JSON Patch (RFC 6902), computed from two documents.</summary>
public static class JsonPatch
{
    /// <summary>The operations that make <paramref name="after"/> of <paramref name="before"/>; empty when they are equal.</summary>
    public static JsonArray Between(JsonNode? before, JsonNode? after)
    {
        var patch = new JsonArray();
        Compare(before, after, "", patch);
        return patch;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string path, JsonArray patch)
    {
        switch (before, after)
        {
            case (JsonObject from, JsonObject to):
                CompareObjects(from, to, path, patch);
                break;
            case (JsonArray from, JsonArray to):
                CompareArrays(from, to, path, patch);
                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                {
                    patch.Add((JsonNode)Operation("replace", path, after));
                }

                break;
        }
    }

    private static void CompareObjects(JsonObject from, JsonObject to, string path, JsonArray patch)
    {
        foreach (var (key, value) in from)
        {
            if (to.TryGetPropertyValue(key, out var kept))
            {
                Compare(value, kept, Below(path, key), patch);
            }
            else
            {
                patch.Add((JsonNode)Operation("remove", Below(path, key)));
            }
        }

        foreach (var (key, value) in to.Where(p => !from.ContainsKey(p.Key)))
        {
            patch.Add((JsonNode)Operation("add", Below(path, key), value));
        }
    }

    private static void CompareArrays(JsonArray from, JsonArray to, string path, JsonArray patch)
    {
        var shared = Math.Min(from.Count, to.Count);
        for (var i = 0; i < shared; i++)
        {
            Compare(from[i], to[i], $"{path}/{i}", patch);
        }

        // From the end, so that the indexes of the others stay true.
        for (var i = from.Count - 1; i >= shared; i--)
        {
            patch.Add((JsonNode)Operation("remove", $"{path}/{i}"));
        }

        for (var i = shared; i < to.Count; i++)
        {
            patch.Add((JsonNode)Operation("add", $"{path}/-", to[i]));
        }
    }

    private static string Below(string path, string key)
        => $"{path}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static JsonObject Operation(string op, string path) => new() { ["op"] = op, ["path"] = path };

    private static JsonObject Operation(string op, string path, JsonNode? value)
    {
        var operation = Operation(op, path);
        operation["value"] = value?.DeepClone();
        return operation;
    }
}
