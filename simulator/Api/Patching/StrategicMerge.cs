using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>
/// Strategic merge patches: merge patches whose lists merge by key, with the directives $patch, $setElementOrder/x,
/// $deleteFromPrimitiveList/x and $retainKeys.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";
    private const string OrderPrefix = "$setElementOrder/";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string RetainKeys = "$retainKeys";

    /// <summary>The patched copy. Throws <see cref="FormatException"/> for a directive that is not known or an item without its key.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch, MergeShape shape)
    {
        var result = target.Copy();
        MergeMap(result, patch, shape);
        return result;
    }

    private static void MergeMap(JsonObject target, JsonObject patch, MergeShape shape)
    {
        switch (patch.Str(Directive))
        {
            case "replace" or "delete":
                var keep = patch.Str(Directive) == "replace" ? patch.Where(p => p.Key != Directive).Select(p => (p.Key, p.Value?.DeepClone())).ToList() : [];
                target.Clear();
                keep.ForEach(p => target[p.Key] = p.Item2);
                return;
            case null or "merge":
                break;
            case var other:
                throw new FormatException($"unrecognized {Directive} \"{other}\"; use one of: replace, delete, merge");
        }

        Retain(target, patch);
        foreach (var (key, value) in patch)
        {
            if (key.StartsWith(DeletePrefix, StringComparison.Ordinal))
            {
                DeleteFromList(target, key[DeletePrefix.Length..], value as JsonArray);
            }
            else if (!key.StartsWith('$'))
            {
                MergeField(target, key, value, shape.Field(key), patch.Arr(OrderPrefix + key));
            }
        }

        // An order without a list of changes still reorders what is there.
        foreach (var (key, value) in patch.Where(p => p.Key.StartsWith(OrderPrefix, StringComparison.Ordinal)))
        {
            var name = key[OrderPrefix.Length..];
            if (!patch.ContainsKey(name) && target[name] is JsonArray list && value is JsonArray order)
            {
                target[name] = ListOrder.Apply(list, list, order, shape.Field(name));
            }
        }
    }

    private static void MergeField(JsonObject target, string key, JsonNode? value, MergeShape shape, JsonArray? order)
    {
        switch (value)
        {
            case null:
                target.Remove(key);
                break;
            case JsonObject map when map.Str(Directive) == "delete":
                target.Remove(key);
                break;
            case JsonObject map:
                if (target[key] is not JsonObject inner)
                {
                    target[key] = inner = [];
                }

                MergeMap(inner, map, shape);
                break;
            case JsonArray list when shape.List != ListMerge.Atomic:
                var before = target[key] as JsonArray ?? [];
                var merged = MergeList((JsonArray)before.DeepClone(), list, shape);
                // Without an order from the client that of its patch counts: what it adds comes first.
                target[key] = ListOrder.Apply(merged, before, order ?? list, shape);
                break;
            default:
                target[key] = value.DeepClone();
                break;
        }
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, MergeShape shape)
    {
        if (shape.List == ListMerge.Set)
        {
            foreach (var item in patch.Where(p => !target.Any(t => JsonTree.Same(t, p))).ToList())
            {
                target.Add(item?.DeepClone());
            }

            return target;
        }

        if (patch.Objects().Any(p => p.Str(Directive) == "replace"))
        {
            return new JsonArray([.. patch.Objects().Where(p => p.Str(Directive) != "replace").Select(p => p.DeepClone())]);
        }

        foreach (var change in patch.Objects())
        {
            MergeItem(target, change, shape);
        }

        return target;
    }

    private static void MergeItem(JsonArray target, JsonObject change, MergeShape shape)
    {
        var key = change[shape.PatchKey]
            ?? throw new FormatException($"map: {JsonTree.Text(change)} does not contain declared merge key: {shape.PatchKey}");
        var found = target.Objects().FirstOrDefault(t => JsonTree.Same(t[shape.PatchKey], key));
        if (change.Str(Directive) == "delete")
        {
            if (found is not null)
            {
                target.Remove(found);
            }

            return;
        }

        if (found is null)
        {
            target.Add(found = []);
        }

        MergeMap(found, change, shape.Item);
    }

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (patch[RetainKeys] is JsonArray retained)
        {
            var keep = retained.Strings().ToHashSet(StringComparer.Ordinal);
            foreach (var name in target.Select(p => p.Key).Where(k => !keep.Contains(k)).ToList())
            {
                target.Remove(name);
            }
        }
    }

    private static void DeleteFromList(JsonObject target, string name, JsonArray? values)
    {
        if (target[name] is JsonArray list && values is not null)
        {
            target[name] = new JsonArray([.. list.Where(i => !values.Any(v => JsonTree.Same(v, i))).Select(i => i?.DeepClone())]);
        }
    }
}
