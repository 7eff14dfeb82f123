using System.Security.Cryptography.X509Certificates;
using System.Text;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public class KubeConfigTests
{
    private static string Yaml(string user = "", string cluster = "", string context = "") => $$"""
        apiVersion: v1
        kind: Config
        current-context: here
        clusters:
        - name: c
          cluster: { server: "https://api.example:6443"{{cluster}} }
        contexts:
        - name: here
          context: { cluster: c, user: u{{context}} }
        users:
        - name: u
          user: { {{user}} }
        """;

    private static KubeConnection Load(string yaml, TimeProvider? time = null, string? folder = null)
        => KubeConfig.Load(KubeConfigSource.FromText(yaml, folder), time ?? TimeProvider.System);

    private static async Task<string?> AuthorizationAsync(KubeConnection connection) => (await connection.Credentials!.GetAsync(default)).Authorization;

    private static string Refusal(string yaml) => Should.Throw<KubeConfigException>(() => Load(yaml)).Message;

    [Fact]
    public async Task Load_Token_IsTheBearer()
    {
        var connection = Load(Yaml("token: abc", context: ", namespace: shop"));

        connection.Server.ShouldBe(new Uri("https://api.example:6443"));
        connection.Namespace.ShouldBe("shop");
        (await AuthorizationAsync(connection)).ShouldBe("Bearer abc");
    }

    [Fact]
    public async Task Load_UserAndPassword_AreBasic()
        => (await AuthorizationAsync(Load(Yaml("username: joe, password: secret"))))
            .ShouldBe($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("joe:secret"))}");

    [Fact]
    public async Task Load_TokenFile_IsReadAgainAfterAMinute()
    {
        using var folder = new TempFolder();
        var clock = new FakeClock();
        folder.Write("keys/token", "one\n");
        var connection = Load(Yaml("token: ignored, tokenFile: keys/token"), clock, folder.Path);

        (await AuthorizationAsync(connection)).ShouldBe("Bearer one");
        folder.Write("keys/token", "two\n");
        clock.Advance(TimeSpan.FromSeconds(59));
        (await AuthorizationAsync(connection)).ShouldBe("Bearer one");
        clock.Advance(TimeSpan.FromSeconds(1));
        (await AuthorizationAsync(connection)).ShouldBe("Bearer two");
    }

    [Fact]
    public async Task Load_TokenFile_IsReadAtOnceAfterA401()
    {
        using var folder = new TempFolder();
        folder.Write("token", "one");
        var connection = Load(Yaml("tokenFile: token"), new FakeClock(), folder.Path);
        var used = await connection.Credentials!.GetAsync(default);
        folder.Write("token", "two");

        connection.Credentials.Reject(used);

        (await AuthorizationAsync(connection)).ShouldBe("Bearer two");
    }

    [Fact]
    public async Task Load_ClientCertificateData_IsThePair()
    {
        using var client = new Certificates("ca").Client("joe");
        var certificate = Convert.ToBase64String(Encoding.UTF8.GetBytes(client.ExportCertificatePem()));
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));

        var connection = Load(Yaml($"client-certificate-data: {certificate}, client-key-data: {key}"));

        var loaded = (await connection.Credentials!.GetAsync(default)).Certificate!;
        loaded.Subject.ShouldBe("CN=joe");
        loaded.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public async Task Load_SeveralFiles_TheFirstToNameAThingWins()
    {
        using var folder = new TempFolder();
        var first = folder.Write("1", "contexts: [{ name: here, context: { cluster: c, user: u } }]\nusers: [{ name: u, user: { token: first } }]");
        var second = folder.Write("2", Yaml("token: second"));
        var variables = new Dictionary<string, string> { ["KUBECONFIG"] = string.Join(Path.PathSeparator, first, "/does/not/exist", second) };

        var connection = KubeConfig.Load(KubeConfigSource.FromEnvironment(variables.GetValueOrDefault)!, TimeProvider.System);

        connection.Server.Host.ShouldBe("api.example");
        (await AuthorizationAsync(connection)).ShouldBe("Bearer first");
    }

    [Fact]
    public void FromEnvironment_NothingThere_IsNull()
    {
        using var folder = new TempFolder();
        var variables = new Dictionary<string, string> { ["HOME"] = folder.Path };

        KubeConfigSource.FromEnvironment(variables.GetValueOrDefault).ShouldBeNull();
        folder.Write(".kube/config", Yaml("token: abc"));
        KubeConfigSource.FromEnvironment(variables.GetValueOrDefault).ShouldNotBeNull();
    }

    [Fact]
    public void Load_AnotherContext_IsUsed()
    {
        var yaml = Yaml("token: abc") + "\n# two\n";
        Should.Throw<KubeConfigException>(() => KubeConfig.Load(KubeConfigSource.FromText(yaml) with { Context = "there" }, TimeProvider.System))
            .Message.ShouldBe("kubeconfig (text) has no context named 'there'.");
    }

    [Theory]
    [InlineData("clusters: [", "kubeconfig (text) is not YAML")]
    [InlineData("just text", "is empty or not a map")]
    [InlineData("clusters: []", "names no current-context")]
    public void Load_Unusable_SaysWhat(string yaml, string problem) => Refusal(yaml).ShouldContain(problem);

    [Theory]
    [InlineData(", insecure-skip-tls-verify: maybe", "insecure-skip-tls-verify: 'maybe' must be true or false")]
    [InlineData(", certificate-authority-data: '%'", "certificate-authority-data is not base64")]
    [InlineData(", certificate-authority-data: aGVsbG8=", "holds no certificate in PEM")]
    [InlineData(", insecure-skip-tls-verify: true, certificate-authority-data: aGVsbG8=", "exclude each other")]
    [InlineData(", proxy-url: 'not a url'", "is not a URL")]
    public void Load_ClusterIsUnusable_SaysWhat(string cluster, string problem) => Refusal(Yaml(cluster: cluster)).ShouldContain(problem);

    [Theory]
    [InlineData("client-key-data: aGVsbG8=", "client-certificate and client-key need each other")]
    [InlineData("auth-provider: { name: azure }", "use exec")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1alpha1, command: x }", "'client.authentication.k8s.io/v1alpha1' is not supported")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1 }", "command is missing")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always }", "needs a terminal")]
    public void Load_UserIsUnusable_SaysWhat(string user, string problem) => Refusal(Yaml(user)).ShouldContain(problem);

    [Fact]
    public async Task InCluster_AllThere_IsUsed()
    {
        using var folder = new TempFolder();
        folder.Write("token", "abc\n");
        folder.Write("namespace", "flagger-system");
        folder.Write("ca.crt", new Certificates("ca").AuthorityPem);
        var variables = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = "fd00::1", ["KUBERNETES_SERVICE_PORT"] = "443" };

        var connection = InClusterConfig.Load(variables.GetValueOrDefault, TimeProvider.System, folder.Path);

        connection.Server.ToString().ShouldBe("https://[fd00::1]/");
        connection.Namespace.ShouldBe("flagger-system");
        (await AuthorizationAsync(connection)).ShouldBe("Bearer abc");
    }

    [Fact]
    public void Choose_NothingThere_SaysWhatWasTried()
    {
        using var folder = new TempFolder();
        var variables = new Dictionary<string, string> { ["HOME"] = folder.Path };

        var error = Should.Throw<KubeConfigException>(
            () => KubernetesRegistration.Choose(new KubernetesOptions(), variables.GetValueOrDefault, TimeProvider.System, folder.Path));

        error.Message.ShouldContain("KUBECONFIG");
        error.Message.ShouldContain("KUBERNETES_SERVICE_HOST");
    }

    [Fact]
    public void Choose_InAPodWithKubeConfigGiven_TheGivenOneWins()
    {
        using var folder = new TempFolder();
        folder.Write("token", "abc");
        folder.Write("ca.crt", new Certificates("ca").AuthorityPem);
        var variables = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1", ["KUBERNETES_SERVICE_PORT"] = "443" };
        var given = new KubernetesOptions { KubeConfig = folder.Write("config", Yaml("token: abc")) };

        using var fromPod = KubernetesRegistration.Choose(new KubernetesOptions(), variables.GetValueOrDefault, TimeProvider.System, folder.Path);
        using var fromFile = KubernetesRegistration.Choose(given, variables.GetValueOrDefault, TimeProvider.System, folder.Path);

        fromPod.Server.Host.ShouldBe("10.0.0.1");
        fromFile.Server.Host.ShouldBe("api.example");
    }
}
