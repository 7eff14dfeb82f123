using System.Net;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Crds;
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
/// The embedded cluster in one piece: API server, controllers, pods, gateway, proxy, metrics. Every part is a client of the API server; this class only
/// starts them in order and stops them in reverse.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    // Nominal, as every window that is asked for.
    private static readonly TimeSpan Retention = TimeSpan.FromHours(2);

    private readonly SimulatedClusterOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Stack<object> _owned = new();
    private Task _running = Task.CompletedTask;

    private SimulatedCluster(SimulatedClusterOptions options) => _options = options;

    public ApiServer ApiServer { get; private set; } = null!;

    /// <summary>The client that the cluster's own parts use.</summary>
    public IClusterClient Client { get; private set; } = null!;

    /// <summary>What the cluster's own parts know of its objects.</summary>
    public ClusterCache Cache { get; private set; } = null!;

    public ClusterNetwork Network { get; private set; } = null!;

    public GatewayServer Gateway { get; private set; } = null!;

    /// <summary>The proxies of the namespaces, in which short names mean that namespace's Services.</summary>
    public ClusterProxies Proxies { get; private set; } = null!;

    public TimeSeriesStore MetricsStore { get; private set; } = null!;

    /// <summary>An HTTP forward proxy that knows the cluster's names; those without namespace belong to <c>default</c>.</summary>
    public Uri ProxyUri { get; private set; } = null!;

    public Uri GatewayUri => Gateway.Address;

    /// <summary>Prometheus' query API.</summary>
    public Uri PrometheusUri { get; private set; } = null!;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">A given port is in use.</exception>
    public static async Task<SimulatedCluster> StartAsync(SimulatedClusterOptions options, CancellationToken ct)
    {
        options.Validate();
        var cluster = new SimulatedCluster(options);
        try
        {
            await cluster.StartPartsAsync(ct);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        foreach (var part in _owned)
        {
            if (part is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                (part as IDisposable)?.Dispose();
            }
        }

        _owned.Clear();
        _stopping.Dispose();
    }

    private async Task StartPartsAsync(CancellationToken ct)
    {
        var (time, loggers) = (_options.TimeProvider, _options.LoggerFactory);
        var logs = new PodLogStore(time);
        var nodeOptions = new PodNodeOptions { Speed = _options.Speed, TimeProvider = time, StartupDelay = _options.StartupDelay };
        ApiServer = Own(await ApiServer.StartAsync(ApiOptions(logs, nodeOptions.NodeName), ct));
        Client = Own(_options.Client(ApiServer));
        Cache = Own(new ClusterCache(Client, time, loggers.CreateLogger<ClusterCache>()));
        var planes = DataPlanes.All(Cache, loggers);
        Network = new ClusterNetwork(Cache, new PodDirectory(), new ServiceMeshes(Cache, planes.Meshes));
        await StartTrafficAsync(planes, loggers, ct);

        var nodeApi = new HttpNodeApi(Own(ApiServer.CreateClient()));
        var node = Own(new PodNode(Client, nodeApi, Cache, Network.Pods, logs, [.. _options.Images, new LoadTesterImage(Proxies), new PodinfoImage()], nodeOptions, loggers));
        var controllers = new WorkloadControllers(Client, Cache, new WorkloadOptions { Speed = _options.Speed, TimeProvider = time }, loggers);
        var scraper = new Scraper(
            Targets(planes.Metrics.Jobs, new PodScrapeTargets(Cache, Network.Pods)), MetricsStore, Own(new HttpClient(new SocketsHttpHandler { UseProxy = false })), time,
            loggers.CreateLogger<Scraper>(), new ScraperOptions { Interval = _options.ScrapeInterval, Speed = _options.Speed });
        _running = Task.WhenAll(controllers.RunAsync(_stopping.Token), node.RunAsync(_stopping.Token), scraper.RunAsync(_stopping.Token));
    }

    private async Task StartTrafficAsync(DataPlanes planes, ILoggerFactory loggers, CancellationToken ct)
    {
        var time = _options.TimeProvider;
        Gateway = Own(await GatewayServer.StartAsync(
            Network, planes.Fronts, planes.Metrics, new GatewayOptions { Port = _options.GatewayPort, TimeProvider = time }, loggers, ct));
        MetricsStore = new TimeSeriesStore(Retention / _options.Speed);
        var query = Own(await QueryServer.StartAsync(MetricsStore, new PrometheusApiOptions { Time = time, Speed = _options.Speed }, loggers, ct));
        PrometheusUri = new Uri(query.Target.Prefix);
        SystemServices.Register(Network.Pods, Gateway.Target!, query.Target);
        Proxies = Own(new ClusterProxies(Network, host => Gateway.KnowsHost(host) ? Gateway.Target : null, time, loggers));
        ProxyUri = await Proxies.ForNamespaceAsync("default", ct);
        await Task.WhenAll([Network.Synced, .. planes.Fronts.Select(p => p.Synced)]).WaitAsync(ct);
    }

    private ApiServerOptions ApiOptions(PodLogStore logs, string node) => new()
    {
        TimeProvider = _options.TimeProvider,
        Port = _options.ApiPort,
        Logs = new PodLogSource(logs, _options.TimeProvider),
        ResolveService = (service, _) => ValueTask.FromResult(EndPointOf(service)),
        InitialObjects = [.. EmbeddedCrds.All(), .. GatewayCrds.All(), .. SystemServices.Objects(node), .. _options.InitialObjects],
        Faults = _options.Faults,
        GracefulPodDeletion = true,
        LoggerFactory = _options.LoggerFactory,
    };

    // The API server is asked before the network exists only by its own seeding, which calls no webhook.
    private IPEndPoint? EndPointOf(ServiceAddress service)
        => Network?.Resolve(new ObjectKey(service.Namespace, service.Name), ServicePort.Parse(service.Port)).Target?.EndPoint;

    private Func<IReadOnlyList<ScrapeTarget>> Targets(IEnumerable<string> jobs, PodScrapeTargets pods)
    {
        List<ScrapeTarget> planes = [.. jobs.Select(job => new ScrapeTarget(new Uri(Gateway.MetricsAddress, $"metrics/{job}"), Labels.Of(("job", job))))];
        return () => [.. planes, .. pods.Current()];
    }

    private T Own<T>(T part)
        where T : notnull
    {
        _owned.Push(part);
        return part;
    }
}
