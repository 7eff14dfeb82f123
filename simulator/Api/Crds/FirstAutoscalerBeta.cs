using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>
/// Metrics of autoscaling/v2beta1 and of the versions after it, which say the same in a different form: <c>targetAverageUtilization: 80</c> became
/// <c>target: {type: Utilization, averageUtilization: 80}</c>, and <c>metricName: x</c> became <c>metric: {name: x}</c>.
/// </summary>
internal static class FirstAutoscalerBeta
{
    // For each type of metric: where it is, and what its fields are called in v2beta1.
    private static readonly Dictionary<string, Form> Forms = new(StringComparer.Ordinal)
    {
        ["Resource"] = new("resource", null, null, null, "Average"),
        ["ContainerResource"] = new("containerResource", null, null, null, "Average"),
        ["Pods"] = new("pods", "metricName", "selector", null, "Average"),
        ["Object"] = new("object", "metricName", "selector", "target", ""),
        ["External"] = new("external", "metricName", "metricSelector", null, "Average"),
    };

    /// <summary>The list in v2beta1's form, <c>spec.metrics</c> or <c>status.currentMetrics</c>.</summary>
    public static JsonArray Write(JsonArray metrics, bool isStatus) => Map(metrics, (source, form) =>
    {
        var words = form.Words(isStatus);
        var result = new JsonObject();
        Move(source, result, ("name", "name"), ("container", "container"), ("describedObject", form.Described));
        Move(source.Obj("metric"), result, ("name", form.MetricName), ("selector", form.Selector));
        Move(source.Obj(words.Section), result, ("averageUtilization", words.Utilization), ("averageValue", words.AverageValue), ("value", words.Value));
        return result;
    });

    /// <summary>The list in the form of v2beta2 and v2.</summary>
    public static JsonArray Read(JsonArray metrics, bool isStatus) => Map(metrics, (source, form) =>
    {
        var words = form.Words(isStatus);
        var (result, metric, value) = (new JsonObject(), new JsonObject(), new JsonObject());
        Move(source, result, ("name", "name"), ("container", "container"), (form.Described, "describedObject"));
        Move(source, metric, (form.MetricName, "name"), (form.Selector, "selector"));
        Move(source, value, (words.Utilization, "averageUtilization"), (words.AverageValue, "averageValue"), (words.Value, "value"));
        if (value.ContainsKey("averageValue") && !isStatus)
        {
            value.Remove("value");   // an average makes the required total of an Object meaningless
        }

        if (!isStatus)
        {
            value["type"] = value.ContainsKey("averageUtilization") ? "Utilization" : value.ContainsKey("averageValue") ? "AverageValue" : "Value";
        }

        if (metric.Count > 0)
        {
            result["metric"] = metric;
        }

        result[words.Section] = value;
        return result;
    });

    private static JsonArray Map(JsonArray metrics, Func<JsonObject, Form, JsonObject> convert)
    {
        var result = new JsonArray();
        foreach (var metric in metrics.Objects())
        {
            var copy = metric.Copy();
            if (Forms.TryGetValue(metric.Str("type") ?? "", out var form) && metric.Obj(form.Section) is { } source)
            {
                copy[form.Section] = convert(source, form);
            }

            result.Add(copy);
        }

        return result;
    }

    private static void Move(JsonObject? from, JsonObject to, params (string? From, string? To)[] fields)
    {
        foreach (var (old, name) in fields)
        {
            if (old is not null && name is not null && from?[old] is { } value)
            {
                to[name] = value.DeepClone();
            }
        }
    }

    /// <param name="Section">Key of the metric's source.</param>
    /// <param name="MetricName">What v2beta1 calls <c>metric.name</c>; null where there is none.</param>
    /// <param name="Selector">What it calls <c>metric.selector</c>.</param>
    /// <param name="Described">What it calls <c>describedObject</c>.</param>
    /// <param name="Average">What stands before the name of an average: an Object's has no prefix at all.</param>
    private sealed record Form(string Section, string? MetricName, string? Selector, string? Described, string Average)
    {
        public (string Section, string Utilization, string AverageValue, string Value) Words(bool isStatus)
        {
            var prefix = isStatus ? "current" : "target";
            return (isStatus ? "current" : "target", $"{prefix}AverageUtilization", Average.Length > 0 ? $"{prefix}{Average}Value" : "averageValue", $"{prefix}Value");
        }
    }
}
