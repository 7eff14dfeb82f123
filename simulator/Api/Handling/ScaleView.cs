using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>The autoscaling/v1 Scale of an object: read from it, and written back to it.</summary>
internal static class ScaleView
{
    public static JsonObject Of(ResourceType type, JsonObject item)
    {
        var scale = type.Scale!;
        var metadata = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (item.At("metadata", name) is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        var status = new JsonObject { ["replicas"] = JsonPath.Parse(scale.Status).First(item).Int() ?? 0 };
        if (Selector(scale, item) is { Length: > 0 } selector)
        {
            status["selector"] = selector;
        }

        // As everywhere in autoscaling/v1, a zero of the spec is not written.
        var replicas = JsonPath.Parse(scale.Spec).First(item).Int() ?? 0;
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = replicas == 0 ? [] : new JsonObject { ["replicas"] = replicas },
            ["status"] = status,
        };
    }

    /// <summary>The object with the scale's replica count, and the scale's version as the precondition.</summary>
    public static JsonObject Apply(ResourceType type, JsonObject item, JsonObject scale)
    {
        var replicas = scale.Int("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            if (type.Custom is not null)
            {
                throw ApiError.Invalid(type, item.Str("metadata", "name") ?? "", [FieldError.Invalid(type.Scale!.Spec, replicas, "should be a non-negative integer")]);
            }

            throw ApiError.Invalid(new ResourceType("autoscaling", "v1", "Scale", "scales"), item.Str("metadata", "name") ?? "",
                [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }

        JsonPath.Parse(type.Scale!.Spec).Set(item, replicas);
        item.Ensure("metadata")["resourceVersion"] = scale.At("metadata", "resourceVersion")?.DeepClone();
        return item;
    }

    private static string? Selector(ScalePaths scale, JsonObject item)
    {
        if (scale.Selector is { } path)
        {
            return JsonPath.Parse(path).First(item).Str();
        }

        return string.Join(",", (item.Obj("spec", "selector", "matchLabels") ?? []).Select(p => $"{p.Key}={p.Value.Str()}"));
    }
}
