using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>
/// HorizontalPodAutoscaler between autoscaling/v2 (stored), v2beta2 (the same fields), v2beta1 and v1. What the older two cannot say travels in annotations, as in
/// the real server.
/// </summary>
internal static class AutoscalerVersions
{
    private const string First = "autoscaling/v1";
    private const string FirstBeta = "autoscaling/v2beta1";
    private const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";
    private const string Behavior = "autoscaling.alpha.kubernetes.io/behavior";
    private const string Percent = "targetCPUUtilizationPercentage";
    private const string CurrentPercent = "currentCPUUtilizationPercentage";

    public static JsonObject Convert(JsonObject item, string apiVersion)
    {
        var result = item.Copy();
        switch (item.Str("apiVersion"))
        {
            case First:
                FromFirst(result);
                break;
            case FirstBeta:
                FromFirstBeta(result);
                break;
        }

        switch (apiVersion)
        {
            case First:
                ToFirst(result);
                break;
            case FirstBeta:
                ToFirstBeta(result);
                break;
        }

        result["apiVersion"] = apiVersion;
        return result;
    }

    private static void ToFirst(JsonObject item)
    {
        var spec = item.Ensure("spec");
        var others = new JsonArray();
        foreach (var metric in spec.Arr("metrics").Objects())
        {
            if (IsCpu(metric) && metric.Int("resource", "target", "averageUtilization") is { } percent && !spec.ContainsKey(Percent))
            {
                spec[Percent] = percent;
            }
            else
            {
                others.Add(metric.DeepClone());
            }
        }

        Annotate(item, Metrics, others.Count > 0 ? others : null);
        Annotate(item, Behavior, spec["behavior"]);
        spec.Remove("metrics");
        spec.Remove("behavior");
        if (item.Obj("status") is { } status)
        {
            if (status.Arr("currentMetrics").Objects().FirstOrDefault(IsCpu).Int("resource", "current", "averageUtilization") is { } current)
            {
                status[CurrentPercent] = current;
            }

            status.Remove("currentMetrics");
            status.Remove("conditions");
        }
    }

    private static void FromFirst(JsonObject item)
    {
        var spec = item.Ensure("spec");
        var metrics = new JsonArray();
        if (spec.Int(Percent) is { } percent)
        {
            metrics.Add(Cpu("target", new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent }));
        }

        foreach (var other in (Restore(item, Metrics) as JsonArray).Objects())
        {
            metrics.Add(other.DeepClone());
        }

        if (metrics.Count > 0)
        {
            spec["metrics"] = metrics;
        }

        if (Restore(item, Behavior) is { } behavior)
        {
            spec["behavior"] = behavior;
        }

        spec.Remove(Percent);
        if (item.Obj("status") is { } status && status.Int(CurrentPercent) is { } current)
        {
            status["currentMetrics"] = new JsonArray(Cpu("current", new JsonObject { ["averageUtilization"] = current }));
            status.Remove(CurrentPercent);
        }
    }

    private static void ToFirstBeta(JsonObject item)
    {
        Respell(item, FirstAutoscalerBeta.Write);
        Annotate(item, Behavior, item.Obj("spec")?["behavior"]);
        item.Obj("spec")?.Remove("behavior");
    }

    private static void FromFirstBeta(JsonObject item)
    {
        Respell(item, FirstAutoscalerBeta.Read);
        if (Restore(item, Behavior) is { } behavior)
        {
            item.Ensure("spec")["behavior"] = behavior;
        }
    }

    private static void Respell(JsonObject item, Func<JsonArray, bool, JsonArray> respell)
    {
        if (item.Obj("spec") is { } spec && spec.Arr("metrics") is { } metrics)
        {
            spec["metrics"] = respell(metrics, false);
        }

        if (item.Obj("status") is { } status && status.Arr("currentMetrics") is { } currents)
        {
            status["currentMetrics"] = respell(currents, true);
        }
    }

    private static bool IsCpu(JsonObject metric) => metric.Str("type") == "Resource" && metric.Str("resource", "name") == "cpu";

    private static JsonObject Cpu(string field, JsonObject value)
        => new() { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", [field] = value } };

    private static void Annotate(JsonObject item, string key, JsonNode? value)
    {
        if (value is not null)
        {
            item.Ensure("metadata").Ensure("annotations")[key] = JsonTree.Text(value);
        }
    }

    private static JsonNode? Restore(JsonObject item, string key)
    {
        if (item.Obj("metadata", "annotations") is not { } annotations || annotations.Str(key) is not { } text)
        {
            return null;
        }

        annotations.Remove(key);
        return JsonTree.Parse(Encoding.UTF8.GetBytes(text));
    }
}
