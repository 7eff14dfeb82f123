using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Conversion;

/// <summary>
/// A metric's bound in its two spellings: <c>threshold</c>, a minimum for the success rate and a maximum for everything else, and <c>thresholdRange</c>.
/// A metric that has both, or a range of two bounds, reads the same in either version.
/// </summary>
internal static class MetricThresholds
{
    private const string Threshold = "threshold";
    private const string Range = "thresholdRange";

    /// <summary>Respells thresholds as ranges, but for the metrics whose places are in <paramref name="left"/>.</summary>
    /// <returns>The places of metrics that were ranges already and that <see cref="ToThresholds"/> would respell.</returns>
    public static SortedSet<int> ToRanges(JsonNode? analysis, IReadOnlySet<int> left) => Respell(analysis, left, IsThreshold, IsRange, (metric, bound) =>
        Replace(metric, Threshold, Range, new JsonObject { [bound] = metric[Threshold]!.DeepClone() }));

    /// <summary>Respells ranges of one bound as thresholds, but for the metrics whose places are in <paramref name="left"/>.</summary>
    /// <returns>The places of metrics that were thresholds already and that <see cref="ToRanges"/> would respell.</returns>
    public static SortedSet<int> ToThresholds(JsonNode? analysis, IReadOnlySet<int> left) => Respell(analysis, left, IsRange, IsThreshold, (metric, bound) =>
        Replace(metric, Range, Threshold, metric[Range]![bound]!.DeepClone()));

    private static SortedSet<int> Respell(
        JsonNode? analysis, IReadOnlySet<int> left, Func<JsonObject, string, bool> isToDo, Func<JsonObject, string, bool> isDone, Action<JsonObject, string> respell)
    {
        var kept = new SortedSet<int>();
        foreach (var (place, node) in (analysis.At("metrics") as JsonArray ?? []).Index())
        {
            if (node is not JsonObject metric || BoundOf(metric) is not { } bound)
            {
                continue;
            }

            if (isDone(metric, bound))
            {
                kept.Add(place);
            }
            else if (isToDo(metric, bound) && !left.Contains(place))
            {
                respell(metric, bound);
            }
        }

        return kept;
    }

    // Null where one threshold means two things: the built-in success rate needs at least so much, a query of the same name at most so much.
    private static string? BoundOf(JsonObject metric)
        => metric.Text("name") != MetricSpec.SuccessRate ? "max"
            : metric.ContainsKey("query") || metric.ContainsKey("templateRef") ? null
            : "min";

    private static bool IsThreshold(JsonObject metric, string bound) => IsNumber(metric[Threshold]) && !metric.ContainsKey(Range);

    private static bool IsRange(JsonObject metric, string bound)
        => !metric.ContainsKey(Threshold) && metric[Range] is JsonObject { Count: 1 } range && IsNumber(range[bound]);

    private static bool IsNumber(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number;

    private static void Replace(JsonObject metric, string from, string to, JsonNode value)
    {
        var place = metric.IndexOf(from);
        metric.RemoveAt(place);
        metric.Insert(place, to, value);
    }
}
