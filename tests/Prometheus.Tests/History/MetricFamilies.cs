using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Prometheus.Tests.History;

/// <summary>What the proxies of every provider and the application export for a workload, with the names and labels that the product's queries select on.</summary>
internal static class MetricFamilies
{
    private static readonly double[] Milliseconds = [1, 10, 100, 250, 500, 1000, 5000];
    private static readonly double[] Seconds = [0.005, 0.1, 0.25, 0.5, 1, 5];
    private static readonly string[] Codes = ["200", "404", "503"];

    /// <summary>All families of one workload; each is exported by one target, with one time and one fate for all of its series.</summary>
    public static IEnumerable<MetricFamily> Of(Workload workload) => workload.Tracks.SelectMany(track => (MetricFamily[])
    [
        .. Skipper(workload, track),
        .. Gloo(workload, track),
        .. Linkerd(workload, track),
        .. Istio(workload, track),
        .. Osm(workload, track),
        new("traefik_service_request_duration_seconds", Coded("code", ("service", $"{workload.Namespace}-{track.Service}-{workload.Port}@kubernetescrd"), ("protocol", "http")), Seconds),
        new("http_request_duration_seconds", Coded("status", ("kubernetes_namespace", workload.Namespace), ("kubernetes_pod_name", track.Pod), ("path", "root")), Seconds),
    ]);

    private static IEnumerable<MetricFamily> Skipper(Workload workload, Track track)
    {
        var ingress = Encode(workload.Ingress) + (track.IsCanary ? "_canary" : "");
        foreach (var prefix in (string[])["kube", "kubeew"])
        {
            var route = $"{prefix}_{Encode(workload.Namespace)}__{ingress}__app_example_com____{Encode(track.Service)}";
            yield return new("skipper_response_duration_seconds", Coded("code", ("route", route), ("method", "GET")), Seconds);
            yield return new("skipper_serve_route_duration_seconds", [Labels.Of(("route", route)), Labels.Of(("route", route + "_0"))], Seconds);
        }
    }

    private static IEnumerable<MetricFamily> Gloo(Workload workload, Track track)
    {
        var cluster = $"{workload.Namespace}-{workload.Service}-{(track.IsCanary ? "canary" : "primary")}upstream-{workload.Port}_{workload.Namespace}";
        yield return new("envoy_cluster_upstream_rq", Coded("envoy_response_code", ("envoy_cluster_name", cluster)), null);
        yield return new("envoy_cluster_upstream_rq_time", [Labels.Of(("envoy_cluster_name", cluster))], Milliseconds);
    }

    private static IEnumerable<MetricFamily> Linkerd(Workload workload, Track track)
    {
        (string, string)[] pods = [("namespace", workload.Namespace), ("deployment", track.Deployment)];
        yield return new("response_total",
        [
            Labels.Of([.. pods, ("direction", "inbound"), ("classification", "success"), ("status_code", "200")]),
            Labels.Of([.. pods, ("direction", "inbound"), ("classification", "failure"), ("status_code", "500")]),
            Labels.Of([.. pods, ("direction", "outbound"), ("classification", "failure"), ("status_code", "500")]),
        ], null);
        yield return new("response_latency_ms", [Labels.Of([.. pods, ("direction", "inbound")])], Milliseconds);
    }

    private static IEnumerable<MetricFamily> Istio(Workload workload, Track track)
    {
        (string, string)[] workloadLabels = [("destination_workload_namespace", workload.Namespace), ("destination_workload", track.Deployment)];
        yield return new("istio_requests_total", [.. ((string[])["destination", "source"]).SelectMany(r => Coded("response_code", [.. workloadLabels, ("reporter", r)]))], null);
        yield return new("istio_request_duration_milliseconds", [Labels.Of([.. workloadLabels, ("reporter", "destination")])], Milliseconds);
    }

    private static IEnumerable<MetricFamily> Osm(Workload workload, Track track)
    {
        (string, string)[] destination = [("destination_namespace", workload.Namespace), ("destination_kind", "Deployment"), ("destination_name", track.Deployment)];
        yield return new("osm_request_total", Coded("response_code", destination), null);
        yield return new("osm_request_duration_ms", [Labels.Of(destination)], Milliseconds);
    }

    private static Labels[] Coded(string label, params (string, string)[] others) => [.. Codes.Select(code => Labels.Of([.. others, (label, code)]))];

    private static string Encode(string name) => name.Replace('-', '_');
}

/// <summary>Series that one target exports: counters, or histograms where there are bounds.</summary>
internal sealed record MetricFamily(string Name, IReadOnlyList<Labels> Members, IReadOnlyList<double>? Bounds);

/// <summary>A Canary's workload with the names that its series carry.</summary>
internal sealed record Workload(string Namespace, string Target, string Service, string Ingress, int Port)
{
    public IReadOnlyList<Track> Tracks =>
    [
        new(true, $"{Service}-canary", Target, $"{Target}-6c5b8d7f9-abcde"),
        new(false, $"{Service}-primary", $"{Target}-primary", $"{Target}-primary-7d4f9c6b8-fghij"),
    ];
}

internal sealed record Track(bool IsCanary, string Service, string Deployment, string Pod);
