using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Functions;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.Providers;
using CanaryFunctions.Simulator;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Cli.Playground;

/// <summary>
/// The embedded cluster and the product in one process, put together as on a real cluster: the product reaches the API server by HTTPS, is called by it as a
/// webhook, and runs the same functions as behind the Functions host.
/// </summary>
internal sealed class Playground : IAsyncDisposable
{
    internal static readonly ApiUser ProductUser = new("system:serviceaccount:flagger-system:flagger", ["system:serviceaccounts", "system:authenticated"]);

    private readonly Stack<IAsyncDisposable> _owned = new();

    private Playground()
    {
    }

    internal SimulatedCluster Cluster { get; private set; } = null!;

    /// <summary>A client with the rights of the person at the keyboard.</summary>
    internal IClusterClient Client { get; private set; } = null!;

    /// <summary>The product's own client, whose requests can be told apart.</summary>
    internal IServiceProvider Services { get; private set; } = null!;

    internal WebhookServer Webhook { get; private set; } = null!;

    internal static async Task<Playground> StartAsync(PlaygroundOptions options, CancellationToken ct)
    {
        var playground = new Playground();
        try
        {
            await playground.StartPartsAsync(options, ct);
            return playground;
        }
        catch
        {
            await playground.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(PlaygroundOptions options, CancellationToken ct)
    {
        var logs = new ProductLog(options.Log);
        Cluster = Own(await SimulatedCluster.StartAsync(
            new()
            {
                Speed = options.Speed,
                ApiPort = options.Port,
                GatewayPort = options.Port == 0 ? 0 : options.Port + 1,
                Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System),
                InitialObjects = ProductPod.Objects,
                Images = [new ProductPod(logs)],
            },
            ct));
        Client = Cluster.Client;
        var services = Own(Compose(options, logs));
        Services = services;
        var host = new InProcessHost(
            services.GetRequiredService<FunctionRegistry>(), services.GetRequiredService<InProcessQueue>(), services,
            new() { Speed = options.Speed }, TimeProvider.System, services.GetRequiredService<ILoggerFactory>());
        _owned.Push(new RunningHost(host));
        await host.StartAsync(ct);
        Webhook = Own(await WebhookServer.StartAsync(new(), services, ct));
    }

    private ServiceProvider Compose(PlaygroundOptions options, ProductLog logs) => new ServiceCollection()
        .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Writer = logs }))
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new CanaryOptions
        {
            MeshProvider = options.Provider,
            MetricsServer = "http://prometheus.flagger-system:9090",
            Speed = options.Speed,
            SlackUrl = options.SlackUrl,
            MsTeamsUrl = options.TeamsUrl,
        })
        .AddSingleton<IClusterClient>(_ => KubernetesClient.FromKubeConfig(
            KubeConfigSource.FromText(Cluster.ApiServer.KubeconfigFor(ProductUser)), TimeProvider.System, options.Client))
        .AddSingleton<InProcessQueue>()
        .AddSingleton<IStepQueue>(services => services.GetRequiredService<InProcessQueue>())
        .AddSingleton<IHttpCaller>(_ => new HttpCaller(TimeProvider.System, new() { ClusterProxy = Cluster.ProxyUri, Speed = options.Speed }))
        .AddProviders()
        .AddCanaryCore()
        .AddCanaryWebhook()
        .AddCanaryFunctions()
        .BuildServiceProvider();

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _owned.Push(part);
        return part;
    }

    private sealed class RunningHost(InProcessHost host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
    }
}
