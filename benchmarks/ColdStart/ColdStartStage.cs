using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator;
using CanaryFunctions.Simulator.Yaml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Benchmarks.ColdStart;

/// <summary>What the app meets: the embedded cluster with the Skipper guide's Canary at rest, so that every start finds the same step; and a broker that takes everything.</summary>
internal sealed class ColdStartStage : IAsyncDisposable
{
    // The bootstrap's waits, not the measured step's: at rest there are none.
    private const double Speed = 60;

    private static readonly ObjectRef CanaryRef = new(Kinds.Canary, "test", "podinfo");

    private readonly SimulatedCluster _cluster;
    private readonly WebApplication _broker;
    private readonly string _kubeconfig;

    private ColdStartStage(SimulatedCluster cluster, WebApplication broker, string kubeconfig) => (_cluster, _broker, _kubeconfig) = (cluster, broker, kubeconfig);

    /// <summary>App settings.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["ServiceBus"] = $"Endpoint=sb://{new Uri(_broker.Urls.First()).Authority};SharedAccessKeyName=all;SharedAccessKey=key;UseDevelopmentEmulator=true;",
        ["KUBECONFIG"] = _kubeconfig,
        ["METRICS_SERVER"] = _cluster.PrometheusUri.ToString(),
        ["SPEED"] = Speed.ToString(CultureInfo.InvariantCulture),
    };

    /// <param name="folder">For the kubeconfig.</param>
    public static async Task<ColdStartStage> OpenAsync(string folder, CancellationToken ct)
    {
        var cluster = await SimulatedCluster.StartAsync(
            new() { Speed = Speed, Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System) }, ct);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        var broker = builder.Build();
        broker.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            return Task.CompletedTask;
        });
        await broker.StartAsync(ct);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, cluster.ApiServer.Kubeconfig, ct);
        return new(cluster, broker, kubeconfig);
    }

    /// <summary>Applies the guide's objects and has the app take steps until the Canary rests.</summary>
    /// <exception cref="TimeoutException">It does not come to rest.</exception>
    public async Task BootstrapAsync(string app, CancellationToken ct)
    {
        var kinds = await _cluster.Client.ServedKindsAsync(ct);
        foreach (var file in Directory.GetFiles(Path.Combine(SourceRoot(), "examples", "skipper"), "?-*.yaml").Order(StringComparer.Ordinal))
        {
            foreach (var obj in YamlJson.ParseAll(await File.ReadAllTextAsync(file, ct)).OfType<JsonObject>())
            {
                var version = obj.Text("apiVersion")!.Split('/');
                var kind = kinds.Find(version.Length > 1 ? version[0] : "", obj.Text("kind")!)! with { Version = version[^1] };
                await _cluster.Client.ApplyAsync(kind, obj, "benchmark", force: true, ct);
            }
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        await using var process = await AppProcess.StartAsync(app, Settings, limit.Token);
        while (Canary.From((await _cluster.Client.GetAsync(CanaryRef, limit.Token))!).Status is not { Phase: CanaryPhase.Initialized, NextStepAt: null })
        {
            await process.StepAsync(limit.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private static string SourceRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
