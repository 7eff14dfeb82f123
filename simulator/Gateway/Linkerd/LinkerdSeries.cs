using System.Globalization;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network.Mesh;

namespace CanaryFunctions.Simulator.Gateway.Linkerd;

/// <summary>The series of Linkerd's proxies, with the labels that Linkerd's Prometheus adds to them (contracts/routing-metrics.md 2.3).</summary>
internal static class LinkerdSeries
{
    private static readonly string[] Labels = ["authority", "classification", "deployment", "direction", "namespace", "pod", "status_code", "tls"];

    // Linkerd's own.
    private static readonly double[] Buckets =
    [
        1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10_000, 20_000, 30_000, 40_000, 50_000,
    ];

    public static MeshSeries In(MetricRegistry metrics) => new(
        metrics.Counter("response_total", "Total count of HTTP responses.", Labels),
        metrics.Histogram("response_latency_ms", "Elapsed times between a request's headers being received and its response stream completing.", Buckets, Labels),
        (pod, _, host, code) => Values(pod, host, code));

    // A pod that no Deployment made has no such label; in a series an empty one is the same.
    private static string[] Values(MeshedPod pod, string host, int code) =>
    [
        host, code >= 500 ? "failure" : "success", pod.IsDeployment ? pod.Workload : "", "inbound", pod.Namespace, pod.Name, code.ToString(CultureInfo.InvariantCulture), "true",
    ];
}
