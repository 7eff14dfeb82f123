using CanaryFunctions.Cli.Running;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Cli.Playground;

/// <summary>The product on the embedded cluster, inside the command's own process.</summary>
internal static class EmbeddedProduct
{
    internal static Task<Product> StartAsync(SimulatedCluster cluster, PlaygroundOptions options, ProductLog logs, CancellationToken ct)
        => Product.StartAsync(Compose(cluster, options, logs), new(), new SweepOptions { Identity = "embedded", LeaseNamespace = ProductAccess.Namespace }, ct);

    private static ServiceProvider Compose(SimulatedCluster cluster, PlaygroundOptions options, ProductLog logs) => Product.AddTo(new ServiceCollection())
        .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Writer = logs }))
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
        .AddSingleton(services => options.Queue(services.GetRequiredService<InProcessQueue>()))
        .AddSingleton<IHttpCaller>(_ => new HttpCaller(TimeProvider.System, new() { ClusterProxy = cluster.ProxyUri, Speed = options.Speed }))
        .BuildServiceProvider();
}
