using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Gateway.Smi;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Linkerd;

/// <summary>Linkerd: splits calls to Services by TrafficSplits, as with its SMI extension, and by HTTPRoutes, as without.</summary>
public sealed class LinkerdMesh : IServiceMesh
{
    private const string Injection = "linkerd.io/inject";

    private readonly TrafficSplits _splits;
    private readonly ServiceRoutes _routes;
    private readonly MeshSeries _series;

    /// <param name="metrics">Takes its series.</param>
    public LinkerdMesh(ClusterCache cache, MetricRegistry metrics, ILogger<LinkerdMesh> logger)
    {
        _splits = new(cache, logger);
        _routes = new(cache, logger);
        _series = LinkerdSeries.In(metrics);
    }

    public string Name => "linkerd";

    public Task Synced => Task.WhenAll(_splits.Synced, _routes.Synced);

    public bool Injects(JsonObject ns, JsonObject? pod) => (pod?.Annotation(Injection) ?? ns.Annotation(Injection)) is "enabled" or "ingress";

    // A service profile, which the extension makes of a TrafficSplit, goes before routes.
    public MeshRoute? Route(ObjectKey service, int port, RoutedRequest request)
        => _splits.All.FirstOrDefault(s => s.IsOf(service)) is { } split ? split.Next(ServicePort.OfNumber(port)) : _routes.Route(service, port, request);

    public IPodMeter MeterOf(MeshedPod pod) => _series.For(pod);
}
