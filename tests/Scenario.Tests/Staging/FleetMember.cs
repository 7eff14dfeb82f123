using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Providers;
using CanaryFunctions.Simulator;
using CanaryFunctions.Simulator.Yaml;
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>One cluster of a fleet: the embedded cluster with the webhook, but no functions of its own.</summary>
internal sealed class FleetMember : Scene
{
    private readonly FleetStage _fleet;
    private readonly SimulatedCluster _cluster;
    private ServiceProvider? _services;
    private WebhookServer? _webhook;

    private FleetMember(string name, FleetStage fleet, SimulatedCluster cluster)
        : base(GuideScript.Of(FleetStage.Provider), Place.Literal, fleet.Changed) => (Name, _fleet, _cluster) = (name, fleet, cluster);

    internal string Name { get; }

    internal Uri ProxyUri => _cluster.ProxyUri;

    /// <summary>For the account that the product has there.</summary>
    internal string KubeConfig => _cluster.ApiServer.KubeconfigFor(Playground.ProductUser);

    /// <summary>Requests that the API server passed on to Services for the product, as <c>POST loadtester:80</c>.</summary>
    internal IEnumerable<string> Proxied => _cluster.ApiServer.Requests
        .Where(r => r.User == Playground.ProductUser.Name && r.Path.Contains("/proxy", StringComparison.Ordinal)).Select(r => r.Path);

    internal override IClusterClient Client => _cluster.Client;

    internal override SimulatedMachines Machines => _cluster.Machines;

    internal override IReadOnlyList<ChatMessage> Chat => [.. _fleet.Chat.Where(m => m.Facts.Contains($"Cluster: {Name}"))];

    internal override IReadOnlyList<string> Log => [.. _fleet.Log.Where(line => line.Contains($"\"cluster\":\"{Name}\"", StringComparison.Ordinal))];

    internal override TimeSpan Patience => Stage.Limit;

    internal static async Task<FleetMember> StartAsync(string name, FleetStage fleet)
    {
        var cluster = await SimulatedCluster.StartAsync(
            new()
            {
                Speed = FleetStage.Speed,
                Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System),
                InitialObjects = ProductAccess.Objects(),
            },
            CancellationToken.None);
        var member = new FleetMember(name, fleet, cluster);
        member.Inside = await cluster.Proxies.ForNamespaceAsync(Stage.Namespace, CancellationToken.None);
        member.Feed = new(cluster.Client, fleet.Changed, [], Stage.Namespace);
        return member;
    }

    /// <summary>The webhook is in each cluster, and sends to the queue that all share.</summary>
    internal async Task StartWebhookAsync(IStepQueue queue)
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(new CanaryOptions { ClusterName = Name, MeshProvider = FleetStage.Provider, Speed = FleetStage.Speed })
            .AddSingleton(queue)
            .AddSingleton<IClusterClient>(_ => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(KubeConfig), TimeProvider.System))
            .AddHttpCaller(new HttpCallerOptions())
            .AddProviders()
            .AddCanaryWebhook()
            .BuildServiceProvider();
        _webhook = await WebhookServer.StartAsync(new(), _services, CancellationToken.None);
    }

    /// <summary>Lets the product pass calls to Services through the API server, as infra/kustomize/outside does.</summary>
    internal async Task AllowServiceProxyAsync()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "infra", "kustomize", "outside", "serviceproxy.yaml");
        await ApplyAsync([.. YamlJson.ParseAll(await File.ReadAllTextAsync(file)).OfType<JsonObject>()]);
    }

    internal override Task ApplyAsync(params JsonObject[] objects) => new UserCommands(Client, TimeProvider.System).ApplyAsync(objects, CancellationToken.None);

    internal override Task<DateTimeOffset> SetImageAsync(string tag)
        => new UserCommands(Client, TimeProvider.System).SetImageAsync(Stage.Namespace, App, "podinfod", $"{Script.Image}:{tag}", CancellationToken.None);

    internal override int Rate(int fast) => fast;

    public override async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        if (_webhook is not null)
        {
            await _webhook.DisposeAsync();
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }
}
