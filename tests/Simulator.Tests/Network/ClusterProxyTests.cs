using System.Net;
using System.Net.Sockets;
using System.Text;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Tests.Workloads;

namespace CanaryFunctions.Simulator.Tests.Network;

public sealed class ClusterProxyTests(PodinfoWorld shared) : IClassFixture<PodinfoWorld>
{
    private readonly TestCluster _world = shared.World;

    [Theory]
    [InlineData("podinfo", true)]
    [InlineData("podinfo.test", true)]
    [InlineData("podinfo.test.svc", true)]
    [InlineData("podinfo.test.svc.cluster.local", true)]
    [InlineData("PODINFO.test.svc.cluster.local.", true)]
    [InlineData("podinfo.default", false)]
    [InlineData("podinfo.test.pod", false)]
    [InlineData("podinfo.test.svc.example.com", false)]
    public void Name_InEachOfItsForms_IsResolvedOrNot(string host, bool known)
    {
        var resolution = _world.Cluster.Network.Resolve(host, 80, "test");

        resolution.Failure.ShouldBe(known ? ResolutionFailure.None : ResolutionFailure.UnknownHost);
        (resolution.Target is not null).ShouldBe(known);
    }

    [Fact]
    public async Task Address_OfServiceAndPod_IsResolved()
    {
        var service = await _world.WaitAsync(Kinds.Service, "podinfo", _ => true);
        var pod = (await _world.PodsAsync("podinfo")).Single();
        var network = _world.Cluster.Network;

        network.Resolve(service.Text("spec", "clusterIP")!, 80, "default").Failure.ShouldBe(ResolutionFailure.None);
        network.Resolve(pod.Text("status", "podIP")!, 9797, "default").Failure.ShouldBe(ResolutionFailure.None);
        network.Resolve(pod.Text("status", "podIP")!, 1, "default").Failure.ShouldBe(ResolutionFailure.Refused);
        network.Resolve("10.244.99.99", 80, "default").Failure.ShouldBe(ResolutionFailure.UnknownHost);
    }

    [Fact]
    public async Task Request_ThroughTheProxy_ReachesThePod_AndItsGuideForms()
    {
        using var http = await ClientAsync("test");

        (await http.GetStringAsync("http://podinfo/version", _world.Token)).ShouldContain("6.0.0");
        using var token = await http.PostAsync("http://podinfo.test/token", new StringContent("test"), _world.Token);
        (await token.Content.ReadAsStringAsync(_world.Token)).ShouldContain("\"token\"");
        (await http.GetStringAsync("http://flagger-prometheus.flagger-system:9090/api/v1/query?query=1", _world.Token)).ShouldContain("success");
    }

    [Fact]
    public async Task Request_WithAnotherHostHeader_KeepsIt()
    {
        using var http = await ClientAsync("default");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://skipper-ingress.kube-system/headers");
        request.Headers.Host = "app.example.com";

        using var answer = await http.SendAsync(request, _world.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(_world.Token)).ShouldNotContain("x-cluster-authority");
    }

    [Fact]
    public async Task Request_ToAHostOfAnIngress_GoesToTheGateway()
    {
        using var http = await ClientAsync("default");

        (await http.GetStringAsync("http://app.example.com/version", _world.Token)).ShouldContain("6.0.0");
    }

    [Theory]
    [InlineData("http://www.example.org/", 502, "www.example.org")]
    [InlineData("http://podinfo.test:9898/", 502, "has no port 9898; it has: 80")]
    [InlineData("http://empty.test/", 503, "no ready endpoint")]
    public async Task Request_ThatCannotBeServed_IsRefusedWithTheReason(string url, int status, string reason)
    {
        using var http = await ClientAsync("default");

        using var answer = await http.GetAsync(url, _world.Token);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(_world.Token)).ShouldContain(reason);
    }

    [Fact]
    public async Task Connection_WithBodiesOfBothFramings_CarriesTheNextRequestToo()
    {
        using var http = await ClientAsync("test");
        var large = new string('x', 300_000);

        foreach (var chunked in (bool[])[true, false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://podinfo/echo") { Content = new StringContent(large) };
            request.Headers.TransferEncodingChunked = chunked;
            using var answer = await http.SendAsync(request, _world.Token);
            (await answer.Content.ReadAsStringAsync(_world.Token)).ShouldBe(large);
        }
    }

    [Fact]
    public async Task Connect_ToAClusterName_IsATunnel()
    {
        var proxy = await _world.Cluster.Proxies.ForNamespaceAsync("test", _world.Token);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, _world.Token);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);

        await stream.WriteAsync("CONNECT podinfo:80 HTTP/1.1\r\nHost: podinfo:80\r\n\r\n"u8.ToArray(), _world.Token);
        (await reader.ReadLineAsync(_world.Token)).ShouldBe("HTTP/1.1 200 Connection established");
        (await reader.ReadLineAsync(_world.Token)).ShouldBe("");
        await stream.WriteAsync("GET /version HTTP/1.1\r\nHost: podinfo\r\nConnection: close\r\n\r\n"u8.ToArray(), _world.Token);

        (await reader.ReadToEndAsync(_world.Token)).ShouldContain("6.0.0");
    }

    [Fact]
    public async Task Request_ToLoopback_PassesThrough()
    {
        using var http = await ClientAsync("default");

        (await http.GetStringAsync(new Uri(_world.Cluster.PrometheusUri, "-/ready"), _world.Token)).ShouldContain("Ready");
    }

    [Fact]
    public async Task Request_InOriginForm_IsToldWhatThisIs()
    {
        using var http = new HttpClient();

        using var answer = await http.GetAsync(_world.Cluster.ProxyUri, _world.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("GET http://a.b:81/c?d HTTP/1.1\r\nHost: e", "a.b:81", "GET /c?d HTTP/1.1\r\nx-cluster-authority: a.b:81\r\nHost: e\r\n\r\n", 0)]
    [InlineData("GET http://a HTTP/1.1\r\nHost: a", "a", "GET / HTTP/1.1\r\nx-cluster-authority: a\r\nHost: a\r\n\r\n", 0)]
    [InlineData("GET http://u:p@a?q HTTP/1.1", "a", "GET /?q HTTP/1.1\r\nx-cluster-authority: a\r\n\r\n", 0)]
    [InlineData("POST /x HTTP/1.1\r\ncontent-length: 5", "", "POST /x HTTP/1.1\r\ncontent-length: 5\r\n\r\n", 5)]
    [InlineData("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked", "", "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", -1)]
    [InlineData("nonsense", "", "nonsense\r\n\r\n", 0)]
    public void Head_OfEachForm_IsRewritten(string head, string authority, string text, long contentLength)
    {
        var parsed = ProxyHead.Parse(new(Encoding.ASCII.GetBytes(head)));

        (parsed.Authority, parsed.Text, parsed.ContentLength).ShouldBe((authority, text, contentLength));
    }

    [Theory]
    [InlineData("podinfo", "podinfo", 80)]
    [InlineData("podinfo:9898", "podinfo", 9898)]
    public void Authority_WithAndWithoutPort_IsSplit(string authority, string host, int port)
        => ProxyHead.SplitAuthority(authority).ShouldBe((host, port));

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("a:")]
    [InlineData("a:99999")]
    public void Authority_ThatIsNone_IsNull(string authority) => ProxyHead.SplitAuthority(authority).ShouldBeNull();

    private async Task<HttpClient> ClientAsync(string ns)
    {
        var proxy = await _world.Cluster.Proxies.ForNamespaceAsync(ns, _world.Token);
        return new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(proxy) { BypassProxyOnLocal = false } });
    }
}
