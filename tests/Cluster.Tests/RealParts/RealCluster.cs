using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Scenario.Tests.Running;
using CanaryFunctions.Simulator;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>
/// Kubernetes' control plane and Debian's Prometheus, both real, with simulated machines as their clients, and the product as shipped: its objects applied by
/// kubectl, <c>canary run</c> as a process with their account's rights and their settings.
/// </summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private const string Account = $"system:serviceaccount:{ProductAccess.Namespace}:{ProductAccess.Account}";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-real-");
    private readonly Dictionary<string, string> _settings;
    private HttpClient? _http;
    private ScrapeTargetsServer? _targets;
    private bool _isDisposed;

    private RealCluster(IReadOnlyDictionary<string, string> settings) => _settings = new(settings);

    internal ControlPlane Plane { get; private set; } = null!;

    internal PrometheusServer Prometheus { get; private set; } = null!;

    internal SimulatedMachines Machines { get; private set; } = null!;

    internal RunProcess Product { get; private set; } = null!;

    /// <summary>Stands in for Slack and Teams.</summary>
    internal ChatInbox Inbox { get; private set; } = null!;

    /// <summary>With all rights, as <see cref="Person"/>.</summary>
    internal Kubectl Kubectl { get; private set; } = null!;

    internal KubernetesClient Person { get; private set; } = null!;

    /// <summary>What the product was refused, by the audit log.</summary>
    internal IReadOnlyList<string> Refusals
        => [.. new AuditLog(Plane.AuditLog).Of(Account).Where(e => e.Integer("responseStatus", "code") == 403).Select(e => $"{e.Text("verb")} {e.Text("requestURI")?.Split('?')[0]}").Distinct()];

    /// <param name="settings">Of the product, by the variables' names, instead of those that were applied; what leads it here is set besides.</param>
    internal static async Task<RealCluster> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var cluster = new RealCluster(settings ?? new Dictionary<string, string>());
        try
        {
            await cluster.StartPartsAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the product, again after it has ended.</summary>
    /// <param name="settings">Further ones, for this start only.</param>
    internal async Task StartProductAsync(IReadOnlyDictionary<string, string>? settings = null) => Product = await StartInstanceAsync(_home.FullName, settings);

    /// <summary>A process of the product that this class does not end.</summary>
    /// <param name="folder">Gets its kubeconfig and its log.</param>
    /// <param name="settings">Further ones.</param>
    internal async Task<RunProcess> StartInstanceAsync(string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var probe = new ProductProbe(_http!);
        return await RunProcess.StartAsync(
            folder, await AccountsKubeconfigAsync(), _settings.Concat(settings ?? new Dictionary<string, string>()).ToDictionary(), _ => probe.IsCalledAsync());
    }

    /// <summary>A file that is shipped, below the folder of the tests.</summary>
    internal static string FileOf(params string[] path) => Path.Combine([AppContext.BaseDirectory, .. path]);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (var part in new IAsyncDisposable?[] { Product, Machines, Prometheus, _targets, Inbox })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        Kubectl?.Dispose();
        Person?.Dispose();
        _http?.Dispose();
        if (Plane is not null)
        {
            await Plane.DisposeAsync();
        }

        _home.Delete(recursive: true);
    }

    private async Task StartPartsAsync()
    {
        Plane = await ControlPlane.StartAsync();
        Kubectl = new(Plane.Kubeconfig);
        Person = KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(Plane.Kubeconfig), TimeProvider.System);
        _http = Plane.CreateHttpClient();
        var install = new Install(Kubectl);
        await install.ApplyAsync();
        await ApplyMachinesAsync();

        _targets = await ScrapeTargetsServer.StartAsync();
        Prometheus = await PrometheusServer.StartAsync(_home.FullName, _targets.Configuration);
        Machines = await SimulatedMachines.StartAsync(Person, _http, new() { Prometheus = new LoopbackTarget(Prometheus.Port) }, CancellationToken.None);
        _targets.Targets = Machines.ScrapeTargets;
        Inbox = await ChatInbox.StartAsync(CancellationToken.None);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [
                ("MESH_PROVIDER", "skipper"),
                ("METRICS_SERVER", Prometheus.Address.ToString()),
                ("CLUSTER_PROXY", Machines.ProxyUri.ToString()),
                ("MINIMUM_INTERVAL", "1s"),
                ("SLACK_URL", Inbox.SlackUrl.ToString()),
                ("MSTEAMS_URL", Inbox.TeamsUrl.ToString()),
            ])
        {
            _settings.TryAdd(name, value);
        }

        foreach (var (name, value) in await install.SettingsAsync())
        {
            _settings.TryAdd(name, value);
        }

        await StartProductAsync();
        await install.RolledOutAsync();
    }

    // kubectl refuses a node without the fields that only a kubelet knows.
    private async Task ApplyMachinesAsync()
    {
        // A definition is served a moment after it is written, and whoever looks before believes for a minute that it is not: nobody else's client.
        using var once = KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(Plane.Kubeconfig), TimeProvider.System);
        await new UserCommands(once, TimeProvider.System).ApplyAsync(SimulatedMachines.Objects(), CancellationToken.None);
        await Kubectl.RunAsync("wait", "crd", "--all", "--for=condition=Established", "--timeout=60s");
    }

    /// <summary>With a token as a pod of the account would get it.</summary>
    private async Task<string> AccountsKubeconfigAsync()
    {
        using var body = new StringContent("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":7200}}""", null, "application/json");
        using var answer = await _http!.PostAsync(new Uri($"api/v1/namespaces/{ProductAccess.Namespace}/serviceaccounts/{ProductAccess.Account}/token", UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        return Plane.KubeconfigOf(JsonNode.Parse(text).Text("status", "token")
            ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no token: {(int)answer.StatusCode} {text}")));
    }
}
