using System.Collections.Concurrent;
using System.Globalization;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Traefik;

/// <summary>The series that Traefik exports of its services with <c>metrics.prometheus</c>.</summary>
internal sealed class TraefikMeters(MetricRegistry metrics)
{
    // Traefik's own default buckets.
    private static readonly double[] Buckets = [.1, .3, 1.2, 5];

    private readonly MetricFamily<Histogram> _duration = metrics.Histogram(
        "traefik_service_request_duration_seconds",
        "How long it took to process the request on a service, partitioned by status code, protocol, and method.",
        Buckets, "code", "method", "protocol", "service");

    private readonly MetricFamily<Counter> _requests = metrics.Counter(
        "traefik_service_requests_total",
        "How many HTTP requests processed on a service, partitioned by status code, protocol, and method.",
        "code", "method", "protocol", "service");

    /// <param name="service">As Traefik names it, such as <c>test-podinfo-canary-80@kubernetescrd</c>.</param>
    public IRouteMeter For(string service) => new Meter(this, service);

    private sealed class Meter(TraefikMeters owner, string service) : IRouteMeter
    {
        private readonly ConcurrentDictionary<(string Method, int Code), Instruments> _known = new();

        public void Record(in Served served)
        {
            var instruments = _known.GetOrAdd((served.Method, served.Code), static (key, at) => at.owner.Make(key, at.service), (owner, service));
            instruments.Duration.Observe(served.BackendDuration);
            instruments.Requests.Inc();
        }
    }

    private Instruments Make((string Method, int Code) key, string service)
    {
        var code = key.Code.ToString(CultureInfo.InvariantCulture);
        return new(_duration.With(code, key.Method, "http", service), _requests.With(code, key.Method, "http", service));
    }

    private sealed record Instruments(Histogram Duration, Counter Requests);
}
