using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator.Workloads;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Tests.Workloads;

/// <summary>A running embedded cluster with a namespace <c>test</c>. Waiting is done by watches, never by time.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    public const double Speed = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _timeout = new(Patience * 3);

    private TestCluster(SimulatedCluster cluster) => Cluster = cluster;

    public SimulatedCluster Cluster { get; }

    public IClusterClient Client => Cluster.Client;

    public CancellationToken Token => _timeout.Token;

    public static async Task<TestCluster> StartAsync()
    {
        var cluster = await SimulatedCluster.StartAsync(
            new SimulatedClusterOptions
            {
                Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System),
                Speed = Speed,
                ScrapeInterval = TimeSpan.FromHours(1),
                InitialObjects = [KubeObject.New(Kinds.Namespace, null, "test")],
            },
            CancellationToken.None);
        return new TestCluster(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _timeout.Dispose();
    }

    /// <summary>Applies every document, server-side.</summary>
    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in YamlJson.ParseAll(yaml).OfType<JsonObject>())
        {
            var apiVersion = document.Text("apiVersion")!.Split('/');
            var kind = await Client.DiscoverAsync(apiVersion.Length == 1 ? "" : apiVersion[0], document.Text("kind")!, Token);
            await Client.ApplyAsync(kind!, document, "test", force: true, Token);
        }
    }

    public Task<JsonObject> PatchAsync(ResourceKind kind, string name, string patch, string? subresource = null)
        => Client.MergePatchAsync(new ObjectRef(kind, kind.Namespaced ? "test" : null, name), JsonNode.Parse(patch)!.AsObject(), subresource, Token);

    public Task SetImageAsync(string deployment, string image)
        => PatchAsync(
            Kinds.Deployment, deployment,
            """{"spec":{"template":{"spec":{"containers":[{"name":"podinfod","image":"IMAGE","ports":[{"containerPort":9898,"name":"http"}]}]}}}}""".Replace("IMAGE", image, StringComparison.Ordinal));

    public Task ScaleAsync(string deployment, int replicas) => PatchAsync(Kinds.Deployment, deployment, $$$"""{"spec":{"replicas":{{{replicas}}}}}""", "scale");

    /// <summary>Returns the object as soon as it is as wanted.</summary>
    public async Task<JsonObject> WaitAsync(ResourceKind kind, string name, Predicate<JsonObject> wanted)
    {
        JsonObject? last = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        try
        {
            await foreach (var change in Client.WatchAsync(kind, "test", new ListOptions(FieldSelector: $"metadata.name={name}"), patience.Token))
            {
                last = change.Object ?? last;
                if (change.Type is WatchEventType.Added or WatchEventType.Modified && wanted(change.Object!))
                {
                    return change.Object!;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, with what was seen last.
        }

        throw new TimeoutException($"{kind.Kind} {name} did not become as wanted. It was last: {last?.ToJsonString() ?? "missing"}");
    }

    /// <summary>Waits until the Deployment's rollout is complete, as <c>kubectl rollout status</c> does.</summary>
    public Task<JsonObject> WaitRolledOutAsync(string deployment) => WaitAsync(Kinds.Deployment, deployment, IsRolledOut);

    /// <summary>Waits until so many endpoints of the Service are ready.</summary>
    public Task<JsonObject> WaitEndpointsAsync(string service, int ready)
        => WaitAsync(WorkloadKinds.Endpoints, service, e => e.ListAt("subsets").Sum(s => s.ListAt("addresses").Count()) == ready);

    public async Task<IReadOnlyList<JsonObject>> PodsAsync(string app)
        => (await Client.ListAsync(WorkloadKinds.Pod, "test", new ListOptions(LabelSelector: $"app={app}"), Token)).Items;

    private static bool IsRolledOut(JsonObject deployment)
    {
        var wanted = deployment.Integer("spec", "replicas") ?? 1;
        int Count(string field) => deployment.Integer("status", field) ?? 0;

        return deployment.Number("status", "observedGeneration") >= deployment.Generation()
            && Count("updatedReplicas") == wanted && Count("replicas") == wanted && Count("availableReplicas") == wanted;
    }
}
