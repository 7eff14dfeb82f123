using System.Globalization;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Istio;

/// <summary>The standard metrics of Istio as the sidecars of the pods that are called report them (contracts/routing-metrics.md 2.3).</summary>
internal static class IstioSeries
{
    private static readonly string[] Labels =
    [
        "destination_app", "destination_service", "destination_service_name", "destination_service_namespace", "destination_version", "destination_workload",
        "destination_workload_namespace", "reporter", "request_protocol", "response_code", "response_flags",
    ];

    public static MeshSeries In(MetricRegistry metrics) => new(
        metrics.Counter("istio_requests_total", "Requests handled by a sidecar.", Labels),
        metrics.Histogram("istio_request_duration_milliseconds", "Milliseconds of requests.", EnvoyBuckets.Milliseconds, Labels),
        (pod, service, host, code) => Values(pod, service, host, code));

    private static string[] Values(MeshedPod pod, ObjectKey service, string host, int code)
    {
        // Called by its own address, a pod knows no more than the host that was asked for.
        var (name, full) = service == default ? (host, host) : (service.Name, ServiceName.Of(service));
        return
        [
            OrUnknown(pod.App), full, name, pod.Namespace, OrUnknown(pod.Version), pod.Workload,
            pod.Namespace, "destination", "http", code.ToString(CultureInfo.InvariantCulture), "-",
        ];
    }

    private static string OrUnknown(string label) => label.Length == 0 ? "unknown" : label;
}
