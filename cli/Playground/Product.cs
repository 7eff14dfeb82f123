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
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Cli.Playground;

/// <summary>The product as one process on the embedded cluster: functions off an in-process queue, and the webhook.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly InProcessHost _host;

    private Product(ServiceProvider services, PlaygroundOptions options)
    {
        _services = services;
        _host = new(
            services.GetRequiredService<FunctionRegistry>(), services.GetRequiredService<InProcessQueue>(), services,
            new() { Speed = options.Speed }, TimeProvider.System, services.GetRequiredService<ILoggerFactory>());
    }

    internal IServiceProvider Services => _services;

    internal WebhookServer Webhook { get; private set; } = null!;

    internal static async Task<Product> StartAsync(SimulatedCluster cluster, PlaygroundOptions options, ProductLog logs, CancellationToken ct)
    {
        var product = new Product(Compose(cluster, options, logs), options);
        try
        {
            await product._host.StartAsync(ct);
            product.Webhook = await WebhookServer.StartAsync(new(), product._services, ct);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    // The webhook first: its registration must not outlive it, and its last hints still find the queue.
    public async ValueTask DisposeAsync()
    {
        if (Webhook is not null)
        {
            await Webhook.DisposeAsync();
        }

        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _services.DisposeAsync();
    }

    private static ServiceProvider Compose(SimulatedCluster cluster, PlaygroundOptions options, ProductLog logs) => new ServiceCollection()
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
            KubeConfigSource.FromText(cluster.ApiServer.KubeconfigFor(Playground.ProductUser)), TimeProvider.System, options.Client))
        .AddSingleton<InProcessQueue>()
        .AddSingleton(services => options.Queue(services.GetRequiredService<InProcessQueue>()))
        .AddSingleton<IHttpCaller>(_ => new HttpCaller(TimeProvider.System, new() { ClusterProxy = cluster.ProxyUri, Speed = options.Speed }))
        .AddProviders()
        .AddCanaryCore()
        .AddCanaryWebhook()
        .AddCanaryFunctions()
        .BuildServiceProvider();
}
