using CanaryFunctions.Simulator.Gateway.Gloo;
using CanaryFunctions.Simulator.Gateway.Skipper;
using CanaryFunctions.Simulator.Gateway.Traefik;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The data planes that the embedded cluster has, sorted by name. A new one is one line here.</summary>
internal static class DataPlanes
{
    public static IReadOnlyList<IDataPlane> All(ClusterCache cache, MetricRegistry metrics, ILoggerFactory loggers) =>
    [
        new GlooDataPlane(cache, metrics, loggers.CreateLogger<GlooDataPlane>()),
        new SkipperDataPlane(cache, metrics, loggers.CreateLogger<SkipperDataPlane>()),
        new TraefikDataPlane(cache, metrics, loggers.CreateLogger<TraefikDataPlane>()),
    ];
}
