using CanaryFunctions.Platform.Http;

namespace CanaryFunctions.Platform.Tests.Http;

/// <summary>By which way a URL is reached (design.md rule 18).</summary>
public sealed class CallRouteTests
{
    private static readonly Uri Proxy = new("http://proxy.example:3128");
    private static readonly IServiceProxy Outside = new Api(isInside: false);
    private static readonly IServiceProxy Inside = new Api(isInside: true);

    [Theory]
    [InlineData("http://loadtester.test/", "http | test | loadtester | 80", "/api/v1/namespaces/test/services/loadtester:80/proxy")]
    [InlineData("http://loadtester.test:8080/", "http | test | loadtester | 8080", "/api/v1/namespaces/test/services/loadtester:8080/proxy")]
    [InlineData("https://loadtester.test.svc/", "https | test | loadtester | 443", "/api/v1/namespaces/test/services/https:loadtester:443/proxy")]
    [InlineData("http://Loadtester.test.svc.cluster.local./", "http | test | loadtester | 80", "/api/v1/namespaces/test/services/loadtester:80/proxy")]
    [InlineData("http://prometheus:9090/", "http | flagger-system | prometheus | 9090", "/api/v1/namespaces/flagger-system/services/prometheus:9090/proxy")]
    public void OutsideTheCluster_ClusterNames_GoThroughTheApiServer(string url, string service, string path)
    {
        var route = Route(url, new(), Outside);

        var found = route.Service.ShouldNotBeNull();
        $"{found.Scheme} | {found.Namespace} | {found.Name} | {found.Port}".ShouldBe(service);
        found.ProxyPath.ShouldBe(path);
    }

    [Fact]
    public void InsideTheCluster_ClusterNames_AreCalledStraight()
        => IsStraight(Route("http://loadtester.test/", new(), Inside)).ShouldBeTrue();

    [Fact]
    public void WithoutAnApiServer_ClusterNames_AreCalledStraight()
        => IsStraight(Route("http://loadtester.test/", new(), null)).ShouldBeTrue();

    [Fact]
    public void Direct_OutsideTheCluster_IsStraight()
        => IsStraight(Route("http://loadtester.test/", new() { Access = ServiceAccess.Direct }, Outside)).ShouldBeTrue();

    [Fact]
    public void ApiProxy_InsideTheCluster_GoesThroughTheApiServer()
        => Route("http://loadtester.test/", new() { Access = ServiceAccess.ApiProxy }, Inside).Service.ShouldNotBeNull();

    [Theory]
    [InlineData("http://hooks.example.com/")]
    [InlineData("http://127.0.0.1:9090/")]
    [InlineData("http://10.0.0.7/")]
    public void OtherHosts_UseTheEnvironmentsProxies_AndNothingOfTheCluster(string url)
    {
        var route = Route(url, new() { ClusterProxy = Proxy }, Outside);

        (route.UseEnvironment, route.Service, route.Proxy, route.Detour).ShouldBe((true, null, null, null));
    }

    [Theory]
    [InlineData("http://prometheus.monitoring:9090/api/v1/query?query=up")]
    [InlineData("http://prometheus.monitoring.svc:9090/api/v1/query?query=up")]
    [InlineData("http://PROMETHEUS.monitoring.svc.cluster.local:9090/api/v1/query?query=up")]
    public void Map_WinsOverTheProxy_AndTheProxyOverTheApiServer(string url)
    {
        var options = new HttpCallerOptions { HostMap = Map("prometheus.monitoring", "http://127.0.0.1:9999"), ClusterProxy = Proxy };

        Route(url, options, Outside).Url.ShouldBe(new Uri("http://127.0.0.1:9999/api/v1/query?query=up"));
        Route(url, options with { HostMap = new Dictionary<string, Uri>() }, Outside).Proxy.ShouldBe(Proxy);
    }

    [Fact]
    public void Map_ShortName_IsFoundUnderItsNamespaceToo()
        => Route("http://prometheus:9090/", new() { HostMap = Map("prometheus.flagger-system", "http://127.0.0.1:9") }, Outside).Url.Port.ShouldBe(9);

    [Fact]
    public void MappedPlace_WithAPath_KeepsItBeforeTheCalls_AndWithTlsItsOwnName()
    {
        var plain = Route("http://prometheus.monitoring/api?x=1", new() { HostMap = Map("prometheus.monitoring", "http://gateway.example/prom/") }, Outside);
        var tls = Route("http://prometheus.monitoring/api", new() { HostMap = Map("prometheus.monitoring", "https://gateway.example") }, Outside);

        (plain.Url.AbsoluteUri, plain.Host).ShouldBe(("http://gateway.example/prom/api?x=1", "prometheus.monitoring"));
        (tls.Url.AbsoluteUri, tls.Host).ShouldBe(("https://gateway.example/api", null));
    }

    [Fact]
    public void OwnCredentials_DoNotGoThroughTheApiServer()
    {
        var error = Should.Throw<NoWayException>(() => CallRoute.For(new("http://prometheus.monitoring/"), null, hasCredentials: true, new(), Outside));

        error.IsTransient.ShouldBeFalse();
        error.Message.ShouldBe("the call has credentials of its own, which cannot go through the API server's service proxy; set SERVICE_MAP or CLUSTER_PROXY");
        CallRoute.For(new("http://prometheus.monitoring/"), null, hasCredentials: true, new() { ClusterProxy = Proxy }, Outside).Proxy.ShouldBe(Proxy);
    }

    [Fact]
    public void PodBehindAService_CannotBeReachedThroughTheApiServer()
        => Should.Throw<NoWayException>(() => Route("http://prometheus-0.prometheus.monitoring.svc.cluster.local/", new(), Outside))
            .Message.ShouldStartWith("prometheus-0.prometheus.monitoring.svc.cluster.local is no Service");

    private static CallRoute Route(string url, HttpCallerOptions options, IServiceProxy? cluster) => CallRoute.For(new(url), null, hasCredentials: false, options, cluster);

    private static bool IsStraight(CallRoute route) => route is { Service: null, Proxy: null, UseEnvironment: false, Detour: null, Url.Host: "loadtester.test" };

    private static Dictionary<string, Uri> Map(string host, string place) => new(StringComparer.OrdinalIgnoreCase) { [host] = new(place) };

    private sealed class Api(bool isInside) : IServiceProxy
    {
        public bool IsInside => isInside;

        public string Namespace => "flagger-system";

        public Task<HttpResponseMessage> SendAsync(ServiceAddress service, HttpRequestMessage request, CancellationToken ct) => throw new NotSupportedException();
    }
}
