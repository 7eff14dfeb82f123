using System.Net;
using System.Net.Sockets;
using System.Text;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Tests.Workloads;

namespace CanaryFunctions.Simulator.Tests.Network;

public sealed class ClusterProxyTests
{
    [Theory]
    [InlineData("podinfo", true)]
    [InlineData("podinfo.test", true)]
    [InlineData("podinfo.test.svc", true)]
    [InlineData("podinfo.test.svc.cluster.local", true)]
    [InlineData("PODINFO.test.svc.cluster.local.", true)]
    [InlineData("podinfo.default", false)]
    [InlineData("podinfo.test.pod", false)]
    [InlineData("podinfo.test.svc.example.com", false)]
    public async Task Name_InEachOfItsForms_IsResolvedOrNot(string host, bool known)
    {
        await using var world = await StartAsync();

        var resolution = world.Cluster.Network.Resolve(host, 80, "test");

        resolution.Failure.ShouldBe(known ? ResolutionFailure.None : ResolutionFailure.UnknownHost);
        (resolution.Target is not null).ShouldBe(known);
    }

    [Fact]
    public async Task Address_OfServiceAndPod_IsResolved()
    {
        await using var world = await StartAsync();
        var service = await world.WaitAsync(Core.Objects.Kinds.Service, "podinfo", _ => true);
        var pod = (await world.PodsAsync("podinfo")).Single();
        var network = world.Cluster.Network;

        network.Resolve(Core.Objects.KubeObject.Text(service, "spec", "clusterIP")!, 80, "default").Failure.ShouldBe(ResolutionFailure.None);
        network.Resolve(Core.Objects.KubeObject.Text(pod, "status", "podIP")!, 9797, "default").Failure.ShouldBe(ResolutionFailure.None);
        network.Resolve(Core.Objects.KubeObject.Text(pod, "status", "podIP")!, 1, "default").Failure.ShouldBe(ResolutionFailure.Refused);
        network.Resolve("10.244.99.99", 80, "default").Failure.ShouldBe(ResolutionFailure.UnknownHost);
    }

    [Fact]
    public async Task Request_ThroughTheProxy_ReachesThePod_AndItsGuideForms()
    {
        await using var world = await StartAsync();
        using var http = await ClientAsync(world, "test");

        (await http.GetStringAsync("http://podinfo/version", world.Token)).ShouldContain("6.0.0");
        using var token = await http.PostAsync("http://podinfo.test/token", new StringContent("test"), world.Token);
        (await token.Content.ReadAsStringAsync(world.Token)).ShouldContain("\"token\"");
        (await http.GetStringAsync("http://flagger-prometheus.flagger-system:9090/api/v1/query?query=1", world.Token)).ShouldContain("success");
    }

    [Fact]
    public async Task Request_WithAnotherHostHeader_KeepsIt()
    {
        await using var world = await StartAsync();
        await world.ApplyAsync(Manifests.ApexIngress);
        using var http = await ClientAsync(world, "default");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://skipper-ingress.kube-system/headers");
        request.Headers.Host = "app.example.com";

        using var answer = await http.SendAsync(request, world.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(world.Token)).ShouldNotContain("x-cluster-authority");
    }

    [Fact]
    public async Task Request_ToAHostOfAnIngress_GoesToTheGateway()
    {
        await using var world = await StartAsync();
        await world.ApplyAsync(Manifests.ApexIngress);
        using var http = await ClientAsync(world, "default");

        (await http.GetStringAsync("http://app.example.com/version", world.Token)).ShouldContain("6.0.0");
    }

    [Theory]
    [InlineData("http://www.example.org/", 502, "www.example.org")]
    [InlineData("http://podinfo.test:9898/", 502, "has no port 9898; it has: 80")]
    [InlineData("http://empty.test/", 503, "no ready endpoint")]
    public async Task Request_ThatCannotBeServed_IsRefusedWithTheReason(string url, int status, string reason)
    {
        await using var world = await StartAsync();
        await world.ApplyAsync(Manifests.Service("empty", "nobody"));
        using var http = await ClientAsync(world, "default");

        using var answer = await http.GetAsync(url, world.Token);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(world.Token)).ShouldContain(reason);
    }

    [Fact]
    public async Task Connection_WithBodiesOfBothFramings_CarriesTheNextRequestToo()
    {
        await using var world = await StartAsync();
        using var http = await ClientAsync(world, "test");
        var large = new string('x', 300_000);

        foreach (var chunked in (bool[])[true, false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://podinfo/echo") { Content = new StringContent(large) };
            request.Headers.TransferEncodingChunked = chunked;
            using var answer = await http.SendAsync(request, world.Token);
            (await answer.Content.ReadAsStringAsync(world.Token)).ShouldBe(large);
        }
    }

    [Fact]
    public async Task Connect_ToAClusterName_IsATunnel()
    {
        await using var world = await StartAsync();
        var proxy = await world.Cluster.Proxies.ForNamespaceAsync("test", world.Token);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, world.Token);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);

        await stream.WriteAsync("CONNECT podinfo:80 HTTP/1.1\r\nHost: podinfo:80\r\n\r\n"u8.ToArray(), world.Token);
        (await reader.ReadLineAsync(world.Token)).ShouldBe("HTTP/1.1 200 Connection established");
        (await reader.ReadLineAsync(world.Token)).ShouldBe("");
        await stream.WriteAsync("GET /version HTTP/1.1\r\nHost: podinfo\r\nConnection: close\r\n\r\n"u8.ToArray(), world.Token);

        (await reader.ReadToEndAsync(world.Token)).ShouldContain("6.0.0");
    }

    [Fact]
    public async Task Request_ToLoopback_PassesThrough()
    {
        await using var world = await StartAsync();
        using var http = await ClientAsync(world, "default");

        (await http.GetStringAsync(new Uri(world.Cluster.PrometheusUri, "-/ready"), world.Token)).ShouldContain("Ready");
    }

    [Fact]
    public async Task Request_InOriginForm_IsToldWhatThisIs()
    {
        await using var world = await StartAsync();
        using var http = new HttpClient();

        using var answer = await http.GetAsync(world.Cluster.ProxyUri, world.Token);

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

    private static async Task<TestCluster> StartAsync()
    {
        var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 1));
        await world.ApplyAsync(Manifests.Service("podinfo", "podinfo"));
        await world.WaitEndpointsAsync("podinfo", 1);
        return world;
    }

    private static async Task<HttpClient> ClientAsync(TestCluster world, string ns)
    {
        var proxy = await world.Cluster.Proxies.ForNamespaceAsync(ns, world.Token);
        return new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(proxy) { BypassProxyOnLocal = false } });
    }
}
