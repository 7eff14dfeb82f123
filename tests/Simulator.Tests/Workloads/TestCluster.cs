using System.Globalization;
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

    /// <param name="ns">The namespace <c>test</c>, where it needs more than its name.</param>
    public static async Task<TestCluster> StartAsync(JsonObject? ns = null)
    {
        var cluster = await SimulatedCluster.StartAsync(
            new SimulatedClusterOptions
            {
                Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System),
                Speed = Speed,
                ScrapeInterval = TimeSpan.FromHours(1),
                InitialObjects = [ns ?? KubeObject.New(Kinds.Namespace, null, "test")],
            },
            CancellationToken.None);
        return new TestCluster(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _timeout.Dispose();
    }

    /// <summary>Applies every document, server-side, and waits until the cluster's own parts know.</summary>
    public async Task ApplyAsync(string yaml)
    {
        var served = await Client.ServedKindsAsync(Token);
        foreach (var document in YamlJson.ParseAll(yaml).OfType<JsonObject>())
        {
            var apiVersion = document.Text("apiVersion")!.Split('/');
            var kind = served.Find(apiVersion.Length == 1 ? "" : apiVersion[0], document.Text("kind")!)! with { Version = apiVersion[^1] };
            await WaitUntilSeenAsync(kind, await Client.ApplyAsync(kind, document, "test", force: true, Token));
        }
    }

    /// <summary>Merge-patches the object, and waits until the cluster's own parts know.</summary>
    public async Task PatchAsync(ResourceKind kind, string name, string patch, string? subresource = null)
    {
        var reference = new ObjectRef(kind, kind.Namespaced ? "test" : null, name);
        await WaitUntilSeenAsync(kind, await Client.MergePatchAsync(reference, JsonNode.Parse(patch)!.AsObject(), subresource, Token));
    }

    public Task SetImageAsync(string deployment, string image)
        => PatchAsync(
            Kinds.Deployment, deployment,
            """{"spec":{"template":{"spec":{"containers":[{"name":"podinfod","image":"IMAGE","ports":[{"containerPort":9898,"name":"http"}]}]}}}}""".Replace("IMAGE", image, StringComparison.Ordinal));

    public Task ScaleAsync(string deployment, int replicas) => PatchAsync(Kinds.Deployment, deployment, $$$"""{"spec":{"replicas":{{{replicas}}}}}""", "scale");

    /// <summary>Returns the object as soon as it is as wanted, and known to the cluster's own parts.</summary>
    public Task<JsonObject> WaitAsync(ResourceKind kind, string name, Predicate<JsonObject> wanted)
        => WaitAsync(kind, new ObjectKey(kind.Namespaced ? "test" : "", name), wanted);

    private async Task<JsonObject> WaitAsync(ResourceKind kind, ObjectKey key, Predicate<JsonObject> wanted)
    {
        var cache = Cluster.Cache.For(kind);
        JsonObject? found = null;
        await WaitAsync(cache, () => cache.Find(key) is { } now && wanted(now) && (found = now) is not null, () => $"{kind.Kind} {key} was last: {cache.Find(key)?.ToJsonString() ?? "missing"}");
        return found!;
    }

    /// <summary>Waits until no pod of the app is left.</summary>
    public Task WaitPodsGoneAsync(string app)
    {
        var cache = Cluster.Cache.For(WorkloadKinds.Pod);
        return WaitAsync(cache, () => cache.All.All(p => p.Label("app") != app), () => $"pods of {app} are left");
    }

    /// <summary>Waits until the Deployment's rollout is complete, as <c>kubectl rollout status</c> does.</summary>
    public Task<JsonObject> WaitRolledOutAsync(string deployment) => WaitAsync(Kinds.Deployment, deployment, IsRolledOut);

    /// <summary>Waits until so many endpoints of the Service are ready.</summary>
    public Task<JsonObject> WaitEndpointsAsync(string service, int ready)
        => WaitAsync(WorkloadKinds.Endpoints, service, e => e.ListAt("subsets").Sum(s => s.ListAt("addresses").Count()) == ready);

    public async Task<IReadOnlyList<JsonObject>> PodsAsync(string app)
        => (await Client.ListAsync(WorkloadKinds.Pod, "test", new ListOptions(LabelSelector: $"app={app}"), Token)).Items;

    private Task<JsonObject> WaitUntilSeenAsync(ResourceKind kind, JsonObject stored) => WaitAsync(kind, ObjectKey.Of(stored), o => Version(o) >= Version(stored));

    private static long Version(JsonObject obj) => long.Parse(obj.ResourceVersion(), CultureInfo.InvariantCulture);

    private async Task WaitAsync(ObjectCache cache, Func<bool> holds, Func<string> state)
    {
        try
        {
            await cache.WhenAsync(holds, Token).WaitAsync(Patience, Token);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{state()} after {Patience.TotalSeconds} s", e);
        }
    }

    private static bool IsRolledOut(JsonObject deployment)
    {
        var wanted = deployment.Integer("spec", "replicas") ?? 1;
        int Count(string field) => deployment.Integer("status", field) ?? 0;

        return deployment.Number("status", "observedGeneration") >= deployment.Generation()
            && Count("updatedReplicas") == wanted && Count("replicas") == wanted && Count("availableReplicas") == wanted;
    }
}
