using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>Server-side apply: merge by shape, refuse to take others' fields unless forced, drop what this manager no longer applies.</summary>
internal static class ServerSideApply
{
    /// <summary>The object after the apply, managedFields included. Throws the 409 with one cause a field.</summary>
    public static JsonObject Apply(JsonObject live, JsonObject applied, FieldManager manager, MergeShape shape, bool force, string now)
    {
        var ownership = FieldOwnership.Read(live);
        var wanted = FieldSet.Of(applied, shape);
        var current = FieldSet.Of(live, shape);

        var conflicts = Conflicts(ownership, manager, wanted, current);
        if (conflicts.Count > 0 && !force)
        {
            throw ApiError.ApplyConflict([.. conflicts.Select(c => new FieldError(FieldSet.Show(c.Path), "FieldManagerConflict", $"conflict with {Describe(c.Manager)}"))]);
        }

        ownership.TakeFromOthers(manager, [.. conflicts.Select(c => c.Path)]);
        var result = live.Copy();
        MergeMap(result, applied, shape);
        Prune(result, ownership, manager, wanted.Keys, shape);
        var left = FieldSet.Of(result, shape);
        ownership.TakeFromOthers(manager, [.. current.Keys.Where(k => !left.ContainsKey(k))]);
        ownership.Set(manager, [.. wanted.Keys], now);
        ownership.WriteTo(result);
        return result;
    }

    private static List<(FieldManager Manager, string Path)> Conflicts(
        FieldOwnership ownership, FieldManager manager, Dictionary<string, JsonNode?> wanted, Dictionary<string, JsonNode?> current)
    {
        var found = new List<(FieldManager Manager, string Path)>();
        foreach (var (other, owned) in ownership.Entries)
        {
            if (other.Name == manager.Name && other.Operation == manager.Operation && other.Subresource == manager.Subresource)
            {
                continue;
            }

            found.AddRange(wanted.Where(w => owned.Contains(w.Key) && !(current.TryGetValue(w.Key, out var value) && JsonTree.Same(value, w.Value)))
                .Select(w => (other, w.Key)));
        }

        return found;
    }

    private static void Prune(JsonObject result, FieldOwnership ownership, FieldManager manager, ICollection<string> wanted, MergeShape shape)
    {
        var kept = wanted.Concat(ownership.Entries
            .Where(e => e.Manager.Name != manager.Name || e.Manager.Operation != manager.Operation || e.Manager.Subresource != manager.Subresource)
            .SelectMany(e => e.Paths)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in ownership.PathsOf(manager).Where(p => !kept.Contains(p)).Order(StringComparer.Ordinal))
        {
            // A list item goes with all that others wrote in it, unless one of them has the item itself, too.
            if (FieldSet.IsKeyedItem(path) || !kept.Any(k => FieldSet.IsBelow(k, path)))
            {
                FieldSet.Remove(result, path, shape);
            }
        }
    }

    private static void MergeMap(JsonObject target, JsonObject applied, MergeShape shape)
    {
        foreach (var (name, value) in applied)
        {
            var below = shape.Field(name);
            switch (value)
            {
                case JsonObject map when target[name] is JsonObject inner && !below.AtomicMap:
                    MergeMap(inner, map, below);
                    break;
                case JsonArray list when target[name] is JsonArray inner && below.List != ListMerge.Atomic:
                    MergeList(inner, list, below);
                    break;
                default:
                    target[name] = value?.DeepClone();
                    break;
            }
        }
    }

    private static void MergeList(JsonArray target, JsonArray applied, MergeShape shape)
    {
        foreach (var item in applied)
        {
            if (item is JsonObject map && shape.List == ListMerge.Keyed)
            {
                var key = FieldSet.ItemKey(map, shape);
                if (target.Objects().FirstOrDefault(t => FieldSet.ItemKey(t, shape) == key) is { } found)
                {
                    MergeMap(found, map, shape.Item);
                    continue;
                }
            }
            else if (target.Any(t => JsonTree.Same(t, item)))
            {
                continue;
            }

            target.Add(item?.DeepClone());
        }
    }

    private static string Describe(FieldManager manager) => manager.Operation == "Apply"
        ? $"\"{manager.Name}\""
        : $"\"{manager.Name}\"{(manager.Subresource.Length > 0 ? $" with subresource \"{manager.Subresource}\"" : "")} using {manager.ApiVersion}";
}
