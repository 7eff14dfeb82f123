using System.Net;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Providers.Metrics.Prometheus;

/// <summary>Instant queries of the Prometheus HTTP API (contracts/routing-metrics.md 3.2). An answer of several series is an error: picking one would judge by chance.</summary>
internal sealed class PrometheusMetricProvider(IHttpCaller http, ILogger<PrometheusMetricProvider> logger) : IMetricProvider
{
    private const string ProbeQuery = "vector(1)";
    private const int MaxShownBody = 512;

    public const string ProviderName = "prometheus";

    public string Name => ProviderName;

    public async Task<MetricSample> QueryAsync(MetricQuery query, CancellationToken ct)
    {
        if (PrometheusRequest.TryBuild(query, out var problem) is not { } call)
        {
            return new MetricSample.Error(problem);
        }

        try
        {
            var answer = await http.SendAsync(call, ct);
            if (answer.Status >= 400)
            {
                return new MetricSample.Error($"error response: Status {answer.Status} {TextOf(answer.Status)}: {Shown(answer.Body)}");
            }

            var result = PrometheusAnswer.Read(answer.Body);
            if (result is { Sample: MetricSample.Value, Warnings.Length: > 0 })
            {
                logger.QueryAnsweredWithWarnings(call.DisplayName ?? Name, result.Warnings);
            }

            return result.Sample;
        }
        catch (HttpCallException e)
        {
            return new MetricSample.Error($"request failed: {e.Message}");
        }
    }

    public async Task<string?> ProbeAsync(MetricQuery query, CancellationToken ct) => await QueryAsync(query with { Query = ProbeQuery }, ct) switch
    {
        MetricSample.Value { Number: 1 } => null,
        MetricSample.Error error => $"running query failed: {error.Text}",
        MetricSample.NoData none => $"running query failed: {none.Text}",
        _ => $"value is not 1 for query: {ProbeQuery}",
    };

    /// <summary>The status' name with spaces, as in <c>Bad Request</c>.</summary>
    private static string TextOf(int status) => Enum.IsDefined((HttpStatusCode)status)
        ? string.Concat(((HttpStatusCode)status).ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {c}" : c.ToString()))
        : "Unknown";

    private static string Shown(string body) => body.Length > MaxShownBody ? body[..MaxShownBody] + "..." : body;
}
