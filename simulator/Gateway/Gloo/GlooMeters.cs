using System.Collections.Concurrent;
using System.Globalization;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

/// <summary>The series that Envoy exports for each of its clusters. Times are in milliseconds.</summary>
internal sealed class GlooMeters(MetricRegistry metrics)
{
    private readonly MetricFamily<Counter> _requests = metrics.Counter(
        "envoy_cluster_upstream_rq", "Requests to a cluster by response code.", "envoy_cluster_name", "envoy_response_code");

    private readonly MetricFamily<Counter> _classes = metrics.Counter(
        "envoy_cluster_upstream_rq_xx", "Requests to a cluster by class of response code.", "envoy_cluster_name", "envoy_response_code_class");

    private readonly MetricFamily<Histogram> _times = metrics.Histogram(
        "envoy_cluster_upstream_rq_time", "Milliseconds until a cluster answered.", EnvoyBuckets.Milliseconds, "envoy_cluster_name");

    /// <param name="cluster">As Gloo names it: <c>{upstream}_{namespace}</c>.</param>
    public IRouteMeter For(string cluster) => new Meter(this, cluster);

    private sealed class Meter(GlooMeters owner, string cluster) : IRouteMeter
    {
        private readonly ConcurrentDictionary<int, (Counter Code, Counter Class)> _known = new();
        private readonly Histogram _time = owner._times.With(cluster);

        public void Record(in Served served)
        {
            var (code, codeClass) = _known.GetOrAdd(served.Code, static (key, at) => at.owner.Counters(key, at.cluster), (owner, cluster));
            code.Inc();
            codeClass.Inc();
            _time.Observe(served.BackendDuration * 1000);
        }
    }

    private (Counter Code, Counter Class) Counters(int code, string cluster) => (
        _requests.With(cluster, code.ToString(CultureInfo.InvariantCulture)),
        _classes.With(cluster, (code / 100).ToString(CultureInfo.InvariantCulture)));
}
