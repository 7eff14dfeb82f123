using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Gateway;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>The embedded cluster's API server with everybody's definitions and the product's rights, and the least that moves Deployments.</summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    private static readonly ApiUser Account = ApiUser.ServiceAccount("flagger-system", "flagger");

    private readonly Lock _gate = new();
    private readonly KubernetesClient _client;
    private readonly PodsStandIn _pods;
    private readonly ApiServer _server;

    private SmallCluster(ApiServer server)
    {
        _server = server;
        _client = KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System);
        _pods = new(_client);
    }

    internal IClusterClient Client => _client;

    /// <summary>The workers' own.</summary>
    internal string Kubeconfig => _server.KubeconfigFor(Account);

    /// <summary>Of the workers, as all figures are.</summary>
    internal int Requests { get; private set; }

    internal int Writes { get; private set; }

    internal int Conflicts { get; private set; }

    /// <summary>What a right was missing for.</summary>
    internal IEnumerable<string> Refusals => _server.Refusals.Where(r => r.User == Account.Name).Select(r => r.Message).Distinct();

    internal static async Task<SmallCluster> StartAsync()
    {
        SmallCluster? cluster = null;
        var options = new ApiServerOptions
        {
            InitialObjects = [.. EmbeddedCrds.All(), .. GatewayCrds.All(), KubeObject.New(Kinds.Namespace, null, "flagger-system"), .. Rights(), KubeObject.New(Kinds.Namespace, null, Fleet.Namespace)],
            OnRequest = request => cluster?.Count(request),
            RequestLogLimit = 1,
        };
        return cluster = new(await ApiServer.StartAsync(options, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await _pods.DisposeAsync();
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private static IEnumerable<JsonObject> Rights()
        => ((string[])["serviceaccount.yaml", "rbac.yaml"])
            .Select(file => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "infra", "kustomize", "base", file)))
            .SelectMany(YamlJson.ParseAll)
            .OfType<JsonObject>();

    private void Count(ApiRequest request)
    {
        if (request.User != Account.Name)
        {
            return;
        }

        lock (_gate)
        {
            Requests++;
            Writes += request.IsWrite ? 1 : 0;
            Conflicts += request.Status == 409 ? 1 : 0;
        }
    }
}
