using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Gateway.Smi;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Istio;

/// <summary>
/// Istio with SMI's adapter, which makes a VirtualService of each TrafficSplit: for the hosts and gateways that it names, or for calls between pods where it
/// names no gateway (contracts/routing-metrics.md 1.8). Such a VirtualService names no ports, so its backends must have one only.
/// </summary>
public sealed class IstioMesh : IDataPlane, IServiceMesh
{
    private static readonly ResourceKind Gateways = new("networking.istio.io", "v1alpha3", "Gateway", "gateways");

    private readonly TrafficSplits _splits;
    private readonly IstioGateways _gateways;
    private readonly MeshSeries _series;

    /// <param name="metrics">Takes its series.</param>
    public IstioMesh(ClusterCache cache, MetricRegistry metrics, ILogger<IstioMesh> logger)
    {
        _splits = new(cache, logger);
        _gateways = new(cache.For(Gateways));
        _series = IstioSeries.In(metrics);
    }

    public string Name => "istio";

    public Task Synced => Task.WhenAll(_splits.Synced, _gateways.Synced);

    public bool KnowsHost(string host) => FindSplit(host) is not null;

    public RouteMatch? Match(RoutedRequest request)
        => FindSplit(request.Host) is not { } split ? null
            : new(split.Next(ServicePort.Only).Backend ?? Nobody(split), null);

    public bool Injects(JsonObject ns, JsonObject? pod)
        => (pod?.Label("sidecar.istio.io/inject") ?? pod?.Annotation("sidecar.istio.io/inject")) is { } own ? own == "true" : ns.Label("istio-injection") == "enabled";

    public MeshRoute? Route(ObjectKey service, int port, RoutedRequest request)
        => _splits.All.FirstOrDefault(s => s.IsOf(service) && (s.Gateways.Count == 0 || s.Gateways.Contains(IstioGateways.Mesh)))?.Next(ServicePort.Only);

    public IPodMeter MeterOf(MeshedPod pod) => _series.For(pod);

    // The port of a Service of that name does not matter: it is not one of its ports, which is a 503.
    private static BackendRef Nobody(TrafficSplit split) => new(split.Key, ServicePort.OfNumber(0));

    private TrafficSplit? FindSplit(string host)
        => _splits.All.FirstOrDefault(s => IstioGateways.Matches(HostOf(s), host) && s.Gateways.Any(g => _gateways.LetIn(g, s.Key.Namespace, host)));

    // A short name is one of the namespace's Services.
    private static string HostOf(TrafficSplit split)
        => split.Service.Contains('.', StringComparison.Ordinal) || split.Service == "*" ? split.Service : ServiceName.Of(new(split.Key.Namespace, split.Service));
}
