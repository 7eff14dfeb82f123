using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Gateway;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.Api;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Pods;
using CanaryFunctions.Simulator.Pods.Logs;
using CanaryFunctions.Simulator.Pods.Podinfo;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator;

/// <summary>
/// What a cluster has besides its control plane: a node that runs pods, the network between them, gateway, proxies and metrics. All are clients of an API
/// server, the embedded one or a real one.
/// </summary>
public sealed class SimulatedMachines : IAsyncDisposable
{
    // Nominal, as every window that is asked for.
    private static readonly TimeSpan Retention = TimeSpan.FromHours(2);

    private readonly SimulatedMachinesOptions _options;
    private readonly IClusterClient _client;
    private readonly CancellationTokenSource _stopping = new();
    private readonly OwnedParts _parts = new();
    private Task _running = Task.CompletedTask;

    private SimulatedMachines(IClusterClient client, SimulatedMachinesOptions options) => (_client, _options) = (client, options);

    /// <summary>What these parts know of the cluster's objects.</summary>
    public ClusterCache Cache { get; private set; } = null!;

    public ClusterNetwork Network { get; private set; } = null!;

    public GatewayServer Gateway { get; private set; } = null!;

    /// <summary>The proxies of the namespaces, in which short names mean that namespace's Services.</summary>
    public ClusterProxies Proxies { get; private set; } = null!;

    /// <summary>An HTTP forward proxy that knows the cluster's names; those without namespace belong to <c>default</c>.</summary>
    public Uri ProxyUri { get; private set; } = null!;

    /// <summary>Prometheus' query API.</summary>
    public Uri PrometheusUri { get; private set; } = null!;

    /// <summary>Samples of the last two hours; empty where another Prometheus scrapes.</summary>
    public TimeSeriesStore MetricsStore { get; private set; } = null!;

    /// <summary>Pages with the series of the data planes and of the pods that are there now.</summary>
    public Func<IReadOnlyList<ScrapeTarget>> ScrapeTargets { get; private set; } = () => [];

    /// <summary>What the API server has to hold before: node, ingress class, system Services, and the kinds of the gateways. Fresh objects, each after those it needs.</summary>
    public static IReadOnlyList<JsonObject> Objects() => [.. GatewayCrds.All(), .. SystemServices.Objects(new PodNodeOptions().NodeName)];

    /// <param name="client">For reading and writing objects. Whoever made it disposes of it, and of <paramref name="http"/>.</param>
    /// <param name="http">For what only a node asks; with the server's address as base address, its certificate authority and a token.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">A given port is in use.</exception>
    public static Task<SimulatedMachines> StartAsync(IClusterClient client, HttpClient http, SimulatedMachinesOptions options, CancellationToken ct)
        => StartAsync(client, http, new(options.TimeProvider), options, ct);

    /// <param name="logs">Gets what the pods write.</param>
    internal static async Task<SimulatedMachines> StartAsync(IClusterClient client, HttpClient http, PodLogStore logs, SimulatedMachinesOptions options, CancellationToken ct)
    {
        options.Validate();
        var machines = new SimulatedMachines(client, options);
        try
        {
            await machines.StartPartsAsync(new HttpNodeApi(http), logs, ct);
            return machines;
        }
        catch
        {
            await machines.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _parts.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StartPartsAsync(HttpNodeApi nodeApi, PodLogStore logs, CancellationToken ct)
    {
        var (time, loggers) = (_options.TimeProvider, _options.LoggerFactory);
        Cache = _parts.Add(new ClusterCache(_client, time, loggers.CreateLogger<ClusterCache>()));
        var planes = DataPlanes.All(Cache, loggers);
        Network = new ClusterNetwork(Cache, new PodDirectory(), new ServiceMeshes(Cache, planes.Meshes));
        await StartTrafficAsync(planes, ct);
        ScrapeTargets = TargetsOf(planes.Metrics.Jobs, new PodScrapeTargets(Cache, Network.Pods));

        var nodeOptions = new PodNodeOptions { Speed = _options.Speed, TimeProvider = time, StartupDelay = _options.StartupDelay };
        IPodImage[] images = [.. _options.Images, new LoadTesterImage(Proxies), new PodinfoImage()];
        var node = _parts.Add(new PodNode(_client, nodeApi, Cache, Network.Pods, logs, images, nodeOptions, loggers));
        _running = Task.WhenAll(node.RunAsync(_stopping.Token), ScrapeAsync(_stopping.Token));
    }

    private async Task StartTrafficAsync(DataPlanes planes, CancellationToken ct)
    {
        var (time, loggers) = (_options.TimeProvider, _options.LoggerFactory);
        Gateway = _parts.Add(await GatewayServer.StartAsync(
            Network, planes.Fronts, planes.Metrics, new GatewayOptions { Port = _options.GatewayPort, TimeProvider = time }, loggers, ct));
        MetricsStore = new TimeSeriesStore(Retention / _options.Speed);
        var prometheus = _options.Prometheus
            ?? _parts.Add(await QueryServer.StartAsync(MetricsStore, new PrometheusApiOptions { Time = time, Speed = _options.Speed }, loggers, ct)).Target;
        PrometheusUri = new Uri(prometheus.Prefix);
        SystemServices.Register(Network.Pods, Gateway.Target!, prometheus);
        Proxies = _parts.Add(new ClusterProxies(Network, host => Gateway.KnowsHost(host) ? Gateway.Target : null, time, loggers));
        ProxyUri = await Proxies.ForNamespaceAsync("default", ct);
        await Task.WhenAll([Network.Synced, .. planes.Fronts.Select(p => p.Synced)]).WaitAsync(ct);
    }

    private Task ScrapeAsync(CancellationToken ct)
    {
        if (_options.Prometheus is not null)
        {
            return Task.CompletedTask;
        }

        var http = _parts.Add(new HttpClient(new SocketsHttpHandler { UseProxy = false }));
        var options = new ScraperOptions { Interval = _options.ScrapeInterval, Speed = _options.Speed };
        return new Scraper(ScrapeTargets, MetricsStore, http, _options.TimeProvider, _options.LoggerFactory.CreateLogger<Scraper>(), options).RunAsync(ct);
    }

    private Func<IReadOnlyList<ScrapeTarget>> TargetsOf(IEnumerable<string> jobs, PodScrapeTargets pods)
    {
        List<ScrapeTarget> planes = [.. jobs.Select(job => new ScrapeTarget(new Uri(Gateway.MetricsAddress, $"metrics/{job}"), Labels.Of(("job", job))))];
        return () => [.. planes, .. pods.Current()];
    }
}
