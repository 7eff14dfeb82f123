using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>A real etcd, kube-apiserver and kube-controller-manager on loopback, with ports, keys and an audit log of their own.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private const string AuditPolicy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
          - level: Metadata
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-cluster-");
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly int[] _ports = FreePort.Take(3);
    private readonly Keys _keys;

    private ControlPlane() => _keys = Keys.Create(Path.Combine(_home.FullName, "keys"));

    internal ChildProcess Etcd { get; private set; } = null!;

    internal ChildProcess ApiServer { get; private set; } = null!;

    internal ChildProcess ControllerManager { get; private set; } = null!;

    internal Uri Address => new($"https://127.0.0.1:{_ports[2]}/");

    internal string AuditLog => Path.Combine(_home.FullName, "audit.log");

    /// <summary>Of somebody who may do everything.</summary>
    internal string Kubeconfig => KubeconfigOf(_token);

    internal static async Task<ControlPlane> StartAsync()
    {
        var plane = new ControlPlane();
        try
        {
            plane.WriteFiles();
            plane.StartEtcd();
            await plane.StartApiServerAsync();
            plane.StartControllerManager();
            return plane;
        }
        catch
        {
            await plane.DisposeAsync();
            throw;
        }
    }

    internal string KubeconfigOf(string token) => $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{ name: test, cluster: { server: "{{Address}}", certificate-authority-data: "{{Convert.ToBase64String(File.ReadAllBytes(_keys.Authority))}}" } }]
        users: [{ name: test, user: { token: "{{token}}" } }]
        contexts: [{ name: test, context: { cluster: test, user: test } }]
        """;

    /// <summary>For requests that no client of ours makes. The caller disposes of it.</summary>
    internal HttpClient CreateHttpClient()
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(_keys.Authority);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            return chain.Build((X509Certificate2)certificate!);
        };
        return new HttpClient(handler) { BaseAddress = Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _token) } };
    }

    /// <summary>Starts the API server, on the same port as before, and waits until it is ready.</summary>
    internal async Task StartApiServerAsync()
    {
        ApiServer = Run("kube-apiserver",
        [
            $"--etcd-servers=http://127.0.0.1:{_ports[0]}",
            $"--secure-port={_ports[2]}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            $"--cert-dir={_keys.Folder}",
            $"--tls-cert-file={_keys.Certificate}",
            $"--tls-private-key-file={_keys.CertificateKey}",
            "--service-cluster-ip-range=10.0.0.0/16",
            $"--service-account-key-file={_keys.ServiceAccountKey}",
            $"--service-account-signing-key-file={_keys.ServiceAccountKey}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--authorization-mode=RBAC",
            $"--token-auth-file={FileOf("tokens.csv")}",
            "--disable-admission-plugins=ServiceAccount",
            "--enable-priority-and-fairness=false",
            "--max-requests-inflight=2000",
            "--max-mutating-requests-inflight=1000",
            $"--audit-policy-file={FileOf("audit.yaml")}",
            $"--audit-log-path={AuditLog}",
        ]);
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new[] { ControllerManager, ApiServer, Etcd }.Where(p => p is not null))
        {
            await part.DisposeAsync();
        }

        _home.Delete(recursive: true);
    }

    private void WriteFiles()
    {
        File.WriteAllText(FileOf("tokens.csv"), $"{_token},admin,admin,system:masters\n");
        File.WriteAllText(FileOf("audit.yaml"), AuditPolicy);
        File.WriteAllText(FileOf("kubeconfig"), Kubeconfig);
    }

    private void StartEtcd() => Etcd = Run("etcd",
    [
        "--data-dir=etcd",
        $"--listen-client-urls=http://127.0.0.1:{_ports[0]}",
        $"--advertise-client-urls=http://127.0.0.1:{_ports[0]}",
        $"--listen-peer-urls=http://127.0.0.1:{_ports[1]}",
        $"--initial-advertise-peer-urls=http://127.0.0.1:{_ports[1]}",
        $"--initial-cluster=default=http://127.0.0.1:{_ports[1]}",
        "--unsafe-no-fsync",
        "--logger=zap",
        "--log-level=error",
    ]);

    private void StartControllerManager() => ControllerManager = Run("kube-controller-manager",
    [
        $"--kubeconfig={FileOf("kubeconfig")}",
        $"--service-account-private-key-file={_keys.ServiceAccountKey}",
        "--use-service-account-credentials=false",
        "--leader-elect=false",
        "--port=0",
        "--secure-port=0",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--controllers=deployment,replicaset,garbagecollector,namespace,horizontalpodautoscaling,endpoint,serviceaccount",
        "--horizontal-pod-autoscaler-use-rest-clients=false",
        "--horizontal-pod-autoscaler-sync-period=5s",
    ]);

    // Memory is there, and two cores for all: Go's runtime collects garbage less often.
    private ChildProcess Run(string part, string[] arguments)
        => ChildProcess.Start(Assets.PathOf(part), arguments, FileOf($"{part}.log"), new Dictionary<string, string> { ["GOGC"] = "400" });

    private string FileOf(string name) => Path.Combine(_home.FullName, name);

    private async Task ReadyAsync()
    {
        using var http = CreateHttpClient();
        var deadline = TimeProvider.System.GetUtcNow() + StartLimit;
        while (TimeProvider.System.GetUtcNow() < deadline && !ApiServer.HasExited && !Etcd.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("readyz", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"kube-apiserver is not ready.\n{ApiServer.Tail()}\n{Etcd.Tail()}"));
    }
}
