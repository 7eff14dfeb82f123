using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Functions.Tests.Host;
using CanaryFunctions.Functions.Tests.Publishing;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator;
using CanaryFunctions.Simulator.Yaml;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Functions.Tests;

/// <summary>
/// A whole release by the published app: the stand-in of the Functions host calls it off queues and by the clock, it sends to Service Bus' stand-in, and works
/// on the embedded cluster. No webhook here: the sweep finds the new revision.
/// </summary>
[Collection(PublishedCollection.Name)]
public sealed class ReleaseTests(PublishedApp app)
{
    private const double Speed = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly ObjectRef CanaryRef = new(Kinds.Canary, "test", "podinfo");

    [Fact]
    public async Task Release_FromSetImageToSucceeded_UnderTheFunctionsHost()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var cluster = await ClusterAsync(limit.Token);
        await using var broker = await ServiceBusStandIn.StartAsync(TimeProvider.System);
        QueueNames.All.ToList().ForEach(name => broker.Create(name));
        await using var host = await StandInHost.StartAsync(await app.FolderAsync("servicebus"), SettingsOf(cluster, broker));
        await using var timers = TimerListener.Start(host, Speed);
        await using var queues = ServiceBusListener.Start(host, broker);
        await ApplyAsync(cluster.Client, limit.Token);
        await RestsAsync(cluster.Client, CanaryPhase.Initialized, limit.Token);

        await using var visitors = new Visitors(cluster.GatewayUri);
        await SetImageAsync(cluster.Client, "6.0.1", limit.Token);
        await RestsAsync(cluster.Client, CanaryPhase.Succeeded, limit.Token);

        var primary = await cluster.Client.GetAsync(new(Kinds.Deployment, "test", "podinfo-primary"), limit.Token);
        primary.ListAt("spec", "template", "spec", "containers").Single().Text("image").ShouldBe("stefanprodan/podinfo:6.0.1");
        var events = (await cluster.Client.ListAsync(Kinds.Event, "test", new(), limit.Token)).Items
            .Where(e => e.Text("involvedObject", "kind") == Kinds.Canary.Kind).Select(e => e.Text("message")).ToList();
        foreach (var told in (string[])["New revision detected! Scaling up podinfo.test", "Advance podinfo.test canary weight 25", "Advance podinfo.test canary weight 50", "Promotion completed! Scaling down podinfo.test"])
        {
            events.Count(e => e == told).ShouldBe(1, told);
        }

        QueueNames.All.SelectMany(q => broker.Queue(q).DeadLetters).ShouldBeEmpty();
        host.Handler.Exits.ShouldBeEmpty();
        visitors.ShouldSatisfyAllConditions(v => v.Served.ShouldBeGreaterThan(50), v => v.Failures.ShouldBe(0));
    }

    private static Task<SimulatedCluster> ClusterAsync(CancellationToken ct) => SimulatedCluster.StartAsync(
        new() { Speed = Speed, Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System) }, ct);

    private Dictionary<string, string> SettingsOf(SimulatedCluster cluster, ServiceBusStandIn broker)
    {
        var settings = Settings.Of(app.Kubeconfig(cluster.ApiServer.Kubeconfig), broker.ConnectionString());
        settings["METRICS_SERVER"] = cluster.PrometheusUri.ToString();
        settings["SPEED"] = $"{Speed}";
        return settings;
    }

    /// <summary>The guide's objects, but no hooks: they call names that only the cluster's network knows.</summary>
    private static async Task ApplyAsync(IClusterClient client, CancellationToken ct)
    {
        var kinds = await client.ServedKindsAsync(ct);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "examples", "skipper"), "?-*.yaml").Order(StringComparer.Ordinal))
        {
            foreach (var obj in YamlJson.ParseAll(await File.ReadAllTextAsync(file, ct)).OfType<JsonObject>())
            {
                if (obj.Text("kind") == Kinds.Canary.Kind)
                {
                    obj.Section("spec")["progressDeadlineSeconds"] = 600;
                    var analysis = obj.Section("spec").Section("analysis");
                    analysis["stepWeight"] = 25;
                    analysis.Remove("webhooks");
                }

                var apiVersion = obj.Text("apiVersion")!.Split('/');
                var kind = kinds.Find(apiVersion.Length > 1 ? apiVersion[0] : "", obj.Text("kind")!)! with { Version = apiVersion[^1] };
                await client.ApplyAsync(kind, obj, "test", force: true, ct);
            }
        }
    }

    private static Task<JsonObject> SetImageAsync(IClusterClient client, string tag, CancellationToken ct) => client.ApplyAsync(
        Kinds.Deployment,
        (JsonObject)YamlJson.ParseAll($$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: podinfo, namespace: test }
            spec: { template: { spec: { containers: [{ name: podinfod, image: "stefanprodan/podinfo:{{tag}}" }] } } }
            """).Single(),
        "kubectl-set",
        force: true,
        ct);

    private static async Task RestsAsync(IClusterClient client, CanaryPhase phase, CancellationToken ct)
    {
        await foreach (var change in client.WatchAsync(Kinds.Canary, CanaryRef.Namespace, new(), ct))
        {
            if (change.Object is { } found && Canary.From(found).Status is { NextStepAt: null, Outbox.Count: 0 } status && status.Phase == phase)
            {
                return;
            }
        }

        Assert.Fail($"The watch ended before the Canary rested as {phase}.");
    }
}
