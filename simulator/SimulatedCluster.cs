using System.Net;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Gateway;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Pods.Logs;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator;

/// <summary>
/// The embedded cluster in one piece: API server, controllers, and the <see cref="SimulatedMachines"/>. Every part is a client of the API server; this class
/// only starts them in order and stops them in reverse.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly SimulatedClusterOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly OwnedParts _parts = new();
    private SimulatedMachines? _machines;
    private Task _controllers = Task.CompletedTask;

    private SimulatedCluster(SimulatedClusterOptions options) => _options = options;

    public ApiServer ApiServer { get; private set; } = null!;

    /// <summary>The client that the cluster's own parts use.</summary>
    public IClusterClient Client { get; private set; } = null!;

    /// <summary>Node, network, gateway and metrics.</summary>
    public SimulatedMachines Machines => _machines ?? throw new InvalidOperationException("The cluster has not started.");

    public ClusterCache Cache => Machines.Cache;

    public ClusterNetwork Network => Machines.Network;

    public GatewayServer Gateway => Machines.Gateway;

    public ClusterProxies Proxies => Machines.Proxies;

    public TimeSeriesStore MetricsStore => Machines.MetricsStore;

    public Uri ProxyUri => Machines.ProxyUri;

    public Uri GatewayUri => Gateway.Address;

    public Uri PrometheusUri => Machines.PrometheusUri;

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
        await _controllers;
        await _parts.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StartPartsAsync(CancellationToken ct)
    {
        var logs = new PodLogStore(_options.TimeProvider);
        ApiServer = _parts.Add(await ApiServer.StartAsync(ApiOptions(logs), ct));
        Client = _parts.Add(_options.Client(ApiServer));
        _machines = _parts.Add(await SimulatedMachines.StartAsync(Client, _parts.Add(ApiServer.CreateClient()), logs, _options, ct));
        var options = new WorkloadOptions { Speed = _options.Speed, TimeProvider = _options.TimeProvider };
        _controllers = new WorkloadControllers(Client, Cache, options, _options.LoggerFactory).RunAsync(_stopping.Token);
    }

    private ApiServerOptions ApiOptions(PodLogStore logs) => new()
    {
        TimeProvider = _options.TimeProvider,
        Port = _options.ApiPort,
        Logs = new PodLogSource(logs, _options.TimeProvider),
        ResolveService = (service, _) => ValueTask.FromResult(EndPointOf(service)),
        InitialObjects = [.. EmbeddedCrds.All(), .. SimulatedMachines.Objects(), .. _options.InitialObjects],
        Faults = _options.Faults,
        GracefulPodDeletion = true,
        LoggerFactory = _options.LoggerFactory,
    };

    // Before there is a network the API server asks only for its own seeding, which calls no webhook.
    private IPEndPoint? EndPointOf(ServiceAddress service)
        => _machines?.Network.Resolve(new ObjectKey(service.Namespace, service.Name), ServicePort.Parse(service.Port)).Target?.EndPoint;
}
