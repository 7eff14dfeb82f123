using System.Text.Json;
using CanaryFunctions.Simulator.Metrics.PromQl;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>The endpoints that list what there is: series, label names, label values.</summary>
internal sealed class SeriesEndpoints(TimeSeriesStore store)
{
    public Task<Action<Utf8JsonWriter>> SeriesAsync(HttpContext context, ApiParameters parameters, CancellationToken ct)
    {
        if (parameters.All("match[]").Count == 0)
        {
            throw new BadDataException("no match[] parameter provided");
        }

        var found = Matching(parameters).Order().ToList();
        return Task.FromResult<Action<Utf8JsonWriter>>(json =>
        {
            json.WriteStartArray();
            found.ForEach(labels => ResultWriter.WriteLabelSet(json, labels));
            json.WriteEndArray();
        });
    }

    public Task<Action<Utf8JsonWriter>> LabelsAsync(HttpContext context, ApiParameters parameters, CancellationToken ct) =>
        Strings(Matching(parameters).SelectMany(labels => labels.Pairs).Select(pair => pair.Key));

    public Task<Action<Utf8JsonWriter>> LabelValuesAsync(HttpContext context, ApiParameters parameters, CancellationToken ct)
    {
        var name = (string?)context.GetRouteValue("name") ?? "";
        return MetricNames.IsLabelName(name)
            ? Strings(Matching(parameters).Select(labels => labels[name]).Where(value => value.Length > 0))
            : throw new BadDataException($"invalid label name: \"{name}\"");
    }

    /// <summary>Series with a sample between start and end that fit any of the selectors; all series without a selector.</summary>
    private HashSet<Labels> Matching(ApiParameters parameters)
    {
        var start = parameters.TimeMs("start", long.MinValue);
        var end = parameters.TimeMs("end", long.MaxValue);
        var selectors = parameters.All("match[]").Select(Selector).DefaultIfEmpty([]);
        return [.. selectors
            .SelectMany(store.Select)
            .Where(series => series.LastAtOrBefore(end) is { } last && last.TimeMs >= start)
            .Select(series => series.Labels)];
    }

    private static IReadOnlyList<LabelMatcher> Selector(string? text)
    {
        try
        {
            return Parser.ParseSelector(text ?? "").Matchers;
        }
        catch (PromQlParseException e)
        {
            throw ApiParameters.Invalid("match[]", e.Message);
        }
    }

    private static Task<Action<Utf8JsonWriter>> Strings(IEnumerable<string> values)
    {
        var sorted = values.Distinct().Order(StringComparer.Ordinal).ToList();
        return Task.FromResult<Action<Utf8JsonWriter>>(json =>
        {
            json.WriteStartArray();
            sorted.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        });
    }
}
