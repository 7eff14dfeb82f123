using System.Text;
using Azure.Identity;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Kubernetes.Clusters;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public sealed class FleetSettingsTests
{
    private const string Yaml = """
        current-context: here
        clusters: [{ name: c, cluster: { server: "https://east.example" } }]
        contexts: [{ name: here, context: { cluster: c } }, { name: there, context: { cluster: c, namespace: shop } }]
        """;

    private readonly Certificates _authority = new("cluster ca");

    [Fact]
    public void NoClusters_IsTheOnlyOne()
        => Read(("CLUSTER_NAME", "east"), ("CLUSTERS", "3")).ShouldBeEmpty();

    [Fact]
    public void Cluster_HasTheInstallsSettings_ButForItsOwn()
    {
        var clusters = Read(
            ("METRICS_SERVER", "http://prometheus:9090"), ("MESH_PROVIDER", "skipper"), ("SLACK_CHANNEL", "all"), ("CLUSTER_NAME", "install"), ("SERVICE_ACCESS", "direct"),
            ("CLUSTERS:east:KUBECONFIG", Yaml),
            ("CLUSTERS:west:KUBECONFIG", Yaml), ("CLUSTERS:west:metrics-server", "http://prometheus.west"), ("CLUSTERS:west:SLACK_CHANNEL", "west"),
            ("CLUSTERS:west:CLUSTER_NAME", "Europe West"), ("CLUSTERS:west:SERVICE_ACCESS", "api-proxy"), ("CLUSTERS:west:SERVICE_MAP", "a.b=http://c"));

        clusters.Select(c => $"{c.Name} {c.Install.MeshProvider} {c.Install.MetricsServer} {c.Install.SlackChannel} {c.Http.Access} {c.Http.HostMap.Count}").ShouldBe(
            ["east skipper http://prometheus:9090 all Direct 0", "Europe West skipper http://prometheus.west west ApiProxy 1"]);
    }

    [Fact]
    public void KubeConfig_IsAFileOrTheYamlItself_WithAContext()
    {
        using var folder = new TempFolder();
        folder.Write("config", Yaml);
        var clusters = Read(
            ("CLUSTERS:file:KUBECONFIG", Path.Combine(folder.Path, "config")),
            ("CLUSTERS:text:KUBECONFIG", Yaml), ("CLUSTERS:text:CONTEXT", "there"),
            ("CLUSTERS:other:CONTEXT", "there"), ("CLUSTERS:other:SERVICE_NAMESPACE", "monitoring"));

        string? Variable(string name) => name == "KUBECONFIG" ? Path.Combine(folder.Path, "config") : null;
        clusters.Select(c => (c.Name, KubernetesRegistration.Choose(c.Kubernetes, Variable, TimeProvider.System).Namespace)).ShouldBe(
            [("file", "default"), ("text", "shop"), ("other", "monitoring")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("base64")]
    [InlineData("file")]
    public void Server_WithItsAuthority_IsReachedByAnIdentity(string form)
    {
        using var folder = new TempFolder();
        folder.Write("ca.crt", _authority.AuthorityPem);
        var authority = form switch
        {
            "pem" => _authority.AuthorityPem,
            "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(_authority.AuthorityPem)),
            _ => Path.Combine(folder.Path, "ca.crt"),
        };

        var options = Read(
            ("CLUSTERS:east:SERVER", "https://east.hcp.example:443"), ("CLUSTERS:east:CA", authority), ("CLUSTERS:east:ENTRA", "true"),
            ("CLUSTERS:east:credential", "managedidentity"), ("CLUSTERS:east:clientId", "c-1")).Single().Kubernetes;

        options.Server.ShouldBe(new Uri("https://east.hcp.example"));
        options.Roots!.Load().Count.ShouldBe(1);
        options.Entra.ShouldBeOfType<ManagedIdentityCredential>();
        options.EntraScope.ShouldBe("6dae42f8-4368-4678-94ff-3960e28e3630/.default");
    }

    [Theory]
    [InlineData("must have one of KUBECONFIG (or CONTEXT), SERVER and IN_CLUSTER, and has 0.", "METRICS_SERVER=http://a")]
    [InlineData("must have one of KUBECONFIG (or CONTEXT), SERVER and IN_CLUSTER, and has 2.", "SERVER=https://a", "KUBECONFIG=file")]
    [InlineData("CLUSTERS__east__ENTRA: '' must be true with SERVER: other credentials come with a KUBECONFIG.", "SERVER=https://a")]
    [InlineData("CLUSTERS__east__ENTRA: 'yes' must be true or false.", "KUBECONFIG=file", "ENTRA=yes")]
    [InlineData("CLUSTERS__east__ENTRA: 'true' cannot go with IN_CLUSTER: the pod's service account is used.", "IN_CLUSTER=true", "ENTRA=true")]
    [InlineData("CLUSTERS__east__CA: 'x' goes with SERVER only: a KUBECONFIG and a pod have their own.", "KUBECONFIG=file", "CA=x")]
    [InlineData("CLUSTERS__east__SERVER: 'http://east.example' must be a URL that begins with https://.", "SERVER=http://east.example", "ENTRA=true")]
    [InlineData("CLUSTERS__east__CA: 'no/such/file' is neither PEM, nor PEM in base64, nor a file of PEM:", "SERVER=https://a", "ENTRA=true", "CA=no/such/file")]
    [InlineData("CLUSTERS__east__credential: 'password' is no kind of credential that is known here", "SERVER=https://a", "ENTRA=true", "credential=password")]
    [InlineData("CLUSTERS__east metrics-server: 'prometheus' must be a URL that begins with http:// or https://.", "KUBECONFIG=file", "METRICS_SERVER=prometheus")]
    [InlineData("CLUSTERS__east service-access: 'far' is no way to reach Services", "KUBECONFIG=file", "SERVICE_ACCESS=far")]
    public void SettingThatCannotBeUsed_IsNamed(string problem, params string[] settings)
        => Should.Throw<SettingsException>(() => Read([.. settings.Select(s => s.Split('=', 2)).Select(s => ($"CLUSTERS:east:{s[0]}", s[1]))])).Message.ShouldContain(problem);

    [Fact]
    public void TwoClustersOfOneName_AreRefused()
        => Should.Throw<SettingsException>(() => Read(("CLUSTERS:east:KUBECONFIG", "a"), ("CLUSTERS:west:KUBECONFIG", "b"), ("CLUSTERS:west:CLUSTER_NAME", "EAST")))
            .Message.ShouldContain("CLUSTERS__west__CLUSTER_NAME: 'EAST' is the name of another cluster already.");

    [Fact]
    public void KubeConfigThatCannotBeUsed_IsNamedWhenItIsConnectedTo()
        => Should.Throw<KubeConfigException>(() => KubernetesRegistration.Choose(Read(("CLUSTERS:east:KUBECONFIG", "no/such/file")).Single().Kubernetes, _ => null, TimeProvider.System))
            .Message.ShouldStartWith("CLUSTERS__east: kubeconfig ");

    [Fact]
    public void InCluster_IsThePodAndNothingElse()
    {
        using var folder = new TempFolder();
        folder.Write("config", Yaml);
        var options = Read(("CLUSTERS:east:IN_CLUSTER", "true")).Single().Kubernetes;

        Should.Throw<KubeConfigException>(() => KubernetesRegistration.Choose(options, name => name == "KUBECONFIG" ? Path.Combine(folder.Path, "config") : null, TimeProvider.System))
            .Message.ShouldStartWith("CLUSTERS__east: Not in a cluster:");
    }

    private static IReadOnlyList<ClusterSettings> Read(params (string Name, string Value)[] settings) => FleetSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
}
