using System.Text.Json;
using CanaryFunctions.Simulator.Metrics.PromQl;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>The endpoints that evaluate PromQL.</summary>
internal sealed class QueryEndpoints(TimeSeriesStore store, PrometheusApiOptions options)
{
    private const int MostPoints = 11_000;
    private readonly PromQlEngine _engine = new(store, options.ForEngine);

    public Task<Action<Utf8JsonWriter>> QueryAsync(HttpContext context, ApiParameters parameters, CancellationToken ct)
    {
        var atMs = parameters.TimeMs("time", options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var value = _engine.Instant(parameters["query"], atMs, ct);
        return Task.FromResult<Action<Utf8JsonWriter>>(json => ResultWriter.WriteInstant(json, value, atMs));
    }

    public Task<Action<Utf8JsonWriter>> QueryRangeAsync(HttpContext context, ApiParameters parameters, CancellationToken ct)
    {
        var start = parameters.TimeMs("start", null);
        var end = parameters.TimeMs("end", null);
        if (end < start)
        {
            throw ApiParameters.Invalid("end", "end timestamp must not be before start time");
        }

        var step = parameters.DurationMs("step") ?? throw ApiParameters.Invalid("step", "cannot parse \"\" to a valid duration");
        if (step <= 0)
        {
            throw ApiParameters.Invalid("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }

        if ((end - start) / step > MostPoints)
        {
            throw new BadDataException(
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        }

        var series = _engine.Range(parameters["query"], start, end, step, ct);
        return Task.FromResult<Action<Utf8JsonWriter>>(json => ResultWriter.WriteSeries(json, series));
    }
}
