using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Metrics.Prometheus;

/// <summary>
/// What an answer of the query API says: one number, no data, or an error. The kind of result is told from its shape, for not every server that speaks
/// the API names it.
/// </summary>
/// <param name="Warnings">The server's warnings in one line; empty when there are none. It warns when it could not ask all its sources.</param>
internal sealed record PrometheusAnswer(MetricSample Sample, string Warnings)
{
    private const string NoValues = "no values found";
    private const int MaxShownBody = 512;

    public static PrometheusAnswer Read(string body)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(body);
        }
        catch (JsonException e)
        {
            return new(new MetricSample.Error($"error unmarshaling result: {e.Message}, '{Cut(body)}'"), "");
        }

        if (root.Text("status") == "error")
        {
            return new(new MetricSample.Error($"error response: {root.Text("errorType") ?? "error"}: {root.Text("error") ?? "no text"}"), "");
        }

        var warnings = string.Join("; ", root.ListAt("warnings").Select(w => w.Text()).OfType<string>());
        var sample = root.At("data", "result") is JsonArray result
            ? OfResult(result)
            : new MetricSample.Error($"error unmarshaling result: no data.result, '{Cut(body)}'");
        return new(sample is MetricSample.NoData && warnings.Length > 0 ? new MetricSample.NoData($"{NoValues}; the server warned: {warnings}") : sample, warnings);
    }

    private static MetricSample OfResult(JsonArray result)
    {
        if (result is [JsonValue, var scalar])
        {
            return OfNumber(scalar);
        }

        if (result.Any(s => s.At("values") is not null))
        {
            return new MetricSample.Error("query returned multiple values (a range of times); it must be an instant vector or a scalar");
        }

        return result.Count switch
        {
            0 => new MetricSample.NoData(NoValues),
            > 1 => new MetricSample.Error($"query returned multiple values ({result.Count} series); aggregate them to one, as with sum()"),
            _ => result[0].At("value") is JsonArray { Count: 2 } pair ? OfNumber(pair[1])
                : new MetricSample.Error(result[0].At("histogram") is null
                    ? "query returned a series without a value"
                    : "query returned a native histogram; take one number of it, as with histogram_quantile()"),
        };
    }

    private static MetricSample OfNumber(JsonNode? node)
    {
        var text = node.Text();
        return text switch
        {
            "+Inf" or "Inf" => new MetricSample.Value(double.PositiveInfinity),
            "-Inf" => new MetricSample.Value(double.NegativeInfinity),
            "NaN" => new MetricSample.NoData(NoValues),
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? new MetricSample.Value(number)
                : new MetricSample.Error($"query returned '{Cut(node?.ToJsonString() ?? "null")}', which is not a number"),
        };
    }

    private static string Cut(string text) => text.Length > MaxShownBody ? text[..MaxShownBody] + "..." : text;
}
