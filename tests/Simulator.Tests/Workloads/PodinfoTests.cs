using System.Net;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class PodinfoTests(PodinfoWorld shared) : IClassFixture<PodinfoWorld>
{
    [Theory]
    [InlineData("GET", "/version", 200, "\"version\": \"6.0.0\"")]
    [InlineData("GET", "/api/info", 200, "  \"hostname\": \"podinfo-")]
    [InlineData("POST", "/token", 200, "\"token\": \"")]
    [InlineData("GET", "/token", 405, "")]
    [InlineData("GET", "/token/validate", 200, "\"code\": 401")]
    [InlineData("PUT", "/status/418", 418, "\"status\": 418")]
    [InlineData("GET", "/status/204", 204, "")]
    [InlineData("GET", "/status/abc", 400, "abc")]
    [InlineData("GET", "/delay/1", 200, "\"delay\": 1")]
    [InlineData("GET", "/healthz", 200, "OK")]
    [InlineData("GET", "/nothing", 404, "not found")]
    [InlineData("GET", "/metrics", 200, "http_requests_total")]
    public async Task Podinfo_Endpoint_AnswersAsTheRealOne(string method, string path, int status, string text)
    {
        var ct = shared.World.Token;
        var proxy = await shared.World.Cluster.Proxies.ForNamespaceAsync("test", ct);
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(proxy) });
        await http.GetAsync("http://podinfo/", ct);

        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"http://podinfo{path}"), ct);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(ct)).ShouldContain(text);
    }
}
