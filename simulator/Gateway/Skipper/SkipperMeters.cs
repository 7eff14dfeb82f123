using System.Collections.Concurrent;
using System.Globalization;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>The series that Skipper exports with <c>-serve-route-metrics -serve-host-metrics -route-response-metrics</c>.</summary>
internal sealed class SkipperMeters(MetricRegistry metrics)
{
    // Skipper's own default buckets, among which are those of the guide's -histogram-metric-buckets but 100.
    private static readonly double[] Buckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 100];

    private readonly MetricFamily<Histogram> _serveRoute = metrics.Histogram(
        "skipper_serve_route_duration_seconds", "Duration in seconds of serving a route.", Buckets, "code", "method", "route");

    private readonly MetricFamily<Histogram> _serveHost = metrics.Histogram(
        "skipper_serve_host_duration_seconds", "Duration in seconds of serving a host.", Buckets, "code", "host", "method");

    private readonly MetricFamily<Histogram> _response = metrics.Histogram(
        "skipper_response_duration_seconds", "Duration in seconds of a response.", Buckets, "code", "method", "route");

    public IRouteMeter For(string routeId) => new Meter(this, routeId);

    private sealed class Meter(SkipperMeters owner, string routeId) : IRouteMeter
    {
        private readonly ConcurrentDictionary<(string Method, string Host, int Code), Instruments> _known = new();

        public void Record(in Served served)
        {
            var instruments = _known.GetOrAdd((served.Method, served.Host, served.Code), static (key, at) => at.owner.Make(key, at.routeId), (owner, routeId));
            instruments.ServeRoute.Observe(served.Duration);
            instruments.ServeHost.Observe(served.Duration);
            instruments.Response.Observe(served.BackendDuration);
        }
    }

    private Instruments Make((string Method, string Host, int Code) key, string routeId)
    {
        var code = key.Code.ToString(CultureInfo.InvariantCulture);
        return new(
            _serveRoute.With(code, key.Method, routeId),
            _serveHost.With(code, SkipperNames.HostKey(key.Host), key.Method),
            _response.With(code, key.Method, routeId));
    }

    private sealed record Instruments(Histogram ServeRoute, Histogram ServeHost, Histogram Response);
}
