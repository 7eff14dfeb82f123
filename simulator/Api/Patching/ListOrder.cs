using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>$setElementOrder: the client's items in the client's order, items that only the server knows stay next to their old neighbours.</summary>
internal static class ListOrder
{
    public static JsonArray Apply(JsonArray merged, JsonArray before, JsonArray order, MergeShape shape)
    {
        var positions = Positions(order, shape);
        var old = Positions(before, shape);
        var clients = merged.Where(i => positions.ContainsKey(Key(i, shape))).OrderBy(i => positions[Key(i, shape)]).ToList();
        var servers = merged.Where(i => !positions.ContainsKey(Key(i, shape))).ToList();

        var result = new JsonArray();
        var (c, s) = (0, 0);
        while (c < clients.Count || s < servers.Count)
        {
            var serverFirst = s < servers.Count && (c == clients.Count
                || (old.TryGetValue(Key(clients[c], shape), out var clientAt) && old.GetValueOrDefault(Key(servers[s], shape), int.MaxValue) < clientAt));
            result.Add((serverFirst ? servers[s++] : clients[c++])?.DeepClone());
        }

        return result;
    }

    private static Dictionary<string, int> Positions(JsonArray list, MergeShape shape)
    {
        var result = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, item) in list.Index())
        {
            result.TryAdd(Key(item, shape), i);
        }

        return result;
    }

    private static string Key(JsonNode? item, MergeShape shape)
        => JsonTree.Text(shape.List == ListMerge.Keyed && item is JsonObject map ? map[shape.PatchKey] : item);
}
