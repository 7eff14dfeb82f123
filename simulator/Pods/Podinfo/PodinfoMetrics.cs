using System.Collections.Concurrent;
using System.Globalization;
using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Simulator.Pods.Podinfo;

/// <summary>The two series of podinfo (contracts/hooks-alerts.md 4.3).</summary>
internal sealed class PodinfoMetrics
{
    private static readonly double[] Buckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    private readonly MetricRegistry _registry = new();
    private readonly MetricFamily<Histogram> _durations;
    private readonly MetricFamily<Counter> _requests;
    private readonly ConcurrentDictionary<(string Method, string Path, int Status), (Histogram Duration, Counter Request)> _known = new();

    public PodinfoMetrics()
    {
        _durations = _registry.Histogram("http_request_duration_seconds", "Seconds spent serving HTTP requests.", Buckets, "method", "path", "status");
        _requests = _registry.Counter("http_requests_total", "The total number of HTTP requests.", "status");
    }

    /// <param name="path">The route's label, such as <c>api_info</c>.</param>
    /// <param name="seconds">Nominal.</param>
    public void Record(string method, string path, int status, double seconds)
    {
        var (duration, request) = _known.GetOrAdd((method, path, status), static (key, owner) => owner.Make(key), this);
        duration.Observe(seconds);
        request.Inc();
    }

    public string Text()
    {
        using var text = new StringWriter();
        _registry.Write(text);
        return text.ToString();
    }

    private (Histogram Duration, Counter Request) Make((string Method, string Path, int Status) key)
    {
        var status = key.Status.ToString(CultureInfo.InvariantCulture);
        return (_durations.With(key.Method, key.Path, status), _requests.With(status));
    }
}
