using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>TARGETS of an autoscaler: current against wanted, for each metric.</summary>
internal static class AutoscalerCells
{
    public static string Targets(JsonObject autoscaler)
    {
        if (autoscaler.Str("apiVersion") == "autoscaling/v2beta1")
        {
            autoscaler = AutoscalerVersions.Convert(autoscaler, "autoscaling/v2");
        }

        if (autoscaler.Int("spec", "targetCPUUtilizationPercentage") is { } percent)
        {
            var current = autoscaler.Int("status", "currentCPUUtilizationPercentage");
            return $"cpu: {(current is null ? "<unknown>" : $"{current}%")}/{percent}%";
        }

        var currents = autoscaler.Arr("status", "currentMetrics").Objects().ToList();
        return BuiltInColumns.Join(autoscaler.Arr("spec", "metrics").Objects().Select(m => Target(m, currents)), "<none>").Replace(",", ", ", StringComparison.Ordinal);
    }

    private static string Target(JsonObject metric, List<JsonObject> currents)
    {
        var source = Source(metric);
        var name = source.Str("name") ?? source.Str("metric", "name") ?? "";
        var current = currents.Select(Source).FirstOrDefault(c => (c.Str("name") ?? c.Str("metric", "name")) == name).Obj("current");
        var target = source.Obj("target");
        if (target.Int("averageUtilization") is { } wanted)
        {
            return $"{name}: {(current.Int("averageUtilization") is { } now ? $"{now}%" : "<unknown>")}/{wanted}%";
        }

        var field = target?["averageValue"] is not null ? "averageValue" : "value";
        return $"{current.Str(field) ?? "<unknown>"}/{target.Str(field)}{(field == "averageValue" ? " (avg)" : "")}";
    }

    private static JsonObject? Source(JsonObject metric) => metric.Str("type") switch
    {
        "Resource" => metric.Obj("resource"),
        "ContainerResource" => metric.Obj("containerResource"),
        "Pods" => metric.Obj("pods"),
        "Object" => metric.Obj("object"),
        _ => metric.Obj("external"),
    };
}
