using CanaryFunctions.Simulator.Gateway.Gloo;
using CanaryFunctions.Simulator.Gateway.Istio;
using CanaryFunctions.Simulator.Gateway.Linkerd;
using CanaryFunctions.Simulator.Gateway.Skipper;
using CanaryFunctions.Simulator.Gateway.Traefik;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The data planes that the embedded cluster has, sorted by name, each with its scrape job. A new one is one line here.</summary>
internal sealed class DataPlanes(ClusterCache cache, ILoggerFactory loggers)
{
    private readonly List<object> _planes = [];

    /// <summary>The series of all of them.</summary>
    public MetricPages Metrics { get; } = new();

    /// <summary>Those that let requests into the cluster.</summary>
    public IReadOnlyList<IDataPlane> Fronts => [.. _planes.OfType<IDataPlane>()];

    /// <summary>Those between pods.</summary>
    public IReadOnlyList<IServiceMesh> Meshes => [.. _planes.OfType<IServiceMesh>()];

    public static DataPlanes All(ClusterCache cache, ILoggerFactory loggers) => new DataPlanes(cache, loggers)
        .Add<GlooDataPlane>("gateway-proxy", (c, m, l) => new(c, m, l))
        .Add<IstioMesh>("envoy-stats", (c, m, l) => new(c, m, l))
        .Add<LinkerdMesh>("linkerd-proxy", (c, m, l) => new(c, m, l))
        .Add<SkipperDataPlane>("skipper-ingress", (c, m, l) => new(c, m, l))
        .Add<TraefikDataPlane>("traefik", (c, m, l) => new(c, m, l));

    private DataPlanes Add<T>(string job, Func<ClusterCache, MetricRegistry, ILogger<T>, T> create)
        where T : class
    {
        _planes.Add(create(cache, Metrics.Add(job), loggers.CreateLogger<T>()));
        return this;
    }
}
