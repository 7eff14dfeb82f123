using CanaryFunctions.Cli.Running;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Webhook;

namespace CanaryFunctions.Cli.Playground;

/// <summary>
/// The embedded cluster and the product in one process, put together as on a real cluster: the product reaches the API server by HTTPS under its own service
/// account, is called by it as a webhook, and runs the same functions as behind the Functions host.
/// </summary>
internal sealed class Playground : IAsyncDisposable
{
    internal static readonly ApiUser ProductUser = ApiUser.ServiceAccount(ProductAccess.Namespace, ProductAccess.Account);

    private readonly PlaygroundOptions _options;
    private readonly ProductLog _logs;
    private Product? _product;

    private Playground(PlaygroundOptions options) => (_options, _logs) = (options, new(options.Log));

    internal SimulatedCluster Cluster { get; private set; } = null!;

    /// <summary>A client with the rights of the person at the keyboard.</summary>
    internal IClusterClient Client => Cluster.Client;

    /// <summary>The running product's services, among them its own client, whose requests can be told apart.</summary>
    internal IServiceProvider Services => Running.Services;

    internal WebhookServer Webhook => Running.Webhook;

    private Product Running => _product ?? throw new InvalidOperationException("the product is stopped");

    internal static async Task<Playground> StartAsync(PlaygroundOptions options, CancellationToken ct)
    {
        var playground = new Playground(options);
        try
        {
            playground.Cluster = await SimulatedCluster.StartAsync(playground.ClusterOptions(), ct);
            await playground.StartProductAsync(ct);
            return playground;
        }
        catch
        {
            await playground.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the product anew after <see cref="StopProductAsync"/>: as another process, which knows nothing but what the cluster holds.</summary>
    internal async Task StartProductAsync(CancellationToken ct) => _product = await EmbeddedProduct.StartAsync(Cluster, _options, _logs, ct);

    /// <summary>Ends the product; the cluster stays. What was in its queue is lost.</summary>
    internal async Task StopProductAsync()
    {
        if (_product is { } running)
        {
            _product = null;
            await running.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopProductAsync();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    private SimulatedClusterOptions ClusterOptions() => new()
    {
        Speed = _options.Speed,
        ApiPort = _options.Port,
        GatewayPort = _options.Port == 0 ? 0 : _options.Port + 1,
        Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System),
        InitialObjects = [.. ProductAccess.Objects(), .. ProductPod.Objects],
        Images = [new ProductPod(_logs)],
        Faults = _options.Faults,
    };
}
