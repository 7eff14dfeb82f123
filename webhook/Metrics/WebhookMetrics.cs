using System.Diagnostics.Metrics;
using CanaryFunctions.Webhook.Registration;

namespace CanaryFunctions.Webhook.Metrics;

/// <summary>The process' own counts.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    // The target is a p99 of 5 ms, the API server gives up after 2 s.
    private static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];
    private static readonly string[] Endpoints = ["mutate", "validate", "detect", "convert"];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;

    public WebhookMetrics(KeeperState keeper, TimeProvider time)
    {
        _time = time;
        _requests = Meter.CreateCounter<long>("canary.webhook.requests", "{request}", "Requests answered, by endpoint and verdict.");
        _duration = Meter.CreateHistogram(
            "canary.webhook.request.duration", "s", "Seconds from a request's head to the end of its answer.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
        Meter.CreateObservableGauge("canary.webhook.certificate.age", () => Seconds(time.GetUtcNow() - keeper.Facts.CertificateFrom), "s", "Seconds since the serving certificate became valid.");
        Meter.CreateObservableGauge(
            "canary.webhook.certificate.expiry.timestamp", () => Seconds(keeper.Facts.CertificateUntil - DateTimeOffset.UnixEpoch), "s", "When the serving certificate ends, in Unix time.");
    }

    public Meter Meter { get; } = new("CanaryFunctions.Webhook");

    /// <summary>Measures every request that passes.</summary>
    public async Task MeasureAsync(HttpContext http, RequestDelegate next)
    {
        var began = _time.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var path = http.Request.Path.Value?.TrimStart('/');
            KeyValuePair<string, object?> endpoint = new("endpoint", Endpoints.Contains(path) ? path : "other");
            KeyValuePair<string, object?> verdict = new("verdict", Verdicts.Of(http));
            _requests.Add(1, endpoint, verdict);
            _duration.Record(_time.GetElapsedTime(began).TotalSeconds, endpoint, verdict);
        }
    }

    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<double>> Seconds(TimeSpan? span) => span is { } known ? [new(known.TotalSeconds)] : [];
}
