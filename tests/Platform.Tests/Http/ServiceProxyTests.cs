using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Tests.Http;

/// <summary>Hooks and queries that a cluster's API server passes on to Services.</summary>
public sealed class ServiceProxyTests
{
    private const string Hook = "http://loadtester.test/gate/open?x=%2F1";
    private const string Asked = "POST http://loadtester.test/gate/open: ";

    [Fact]
    public async Task Call_GoesToTheApiServer_WithTheClustersToken_AndItsAnswerIsTheServices()
    {
        await using var api = await ServeAsync(context => Answer(context, 201, "done"));
        using var world = new World(api);

        var answer = await world.Caller.SendAsync(Post(Hook) with { Headers = [new("Idempotency-Key", "7")], Body = "{}" }, default);

        (answer.Status, answer.Body).ShouldBe((201, "done"));
        var seen = api.Requests.ShouldHaveSingleItem();
        seen.Line.ShouldBe("POST /api/v1/namespaces/test/services/loadtester:80/proxy/gate/open?x=%2F1");
        seen.Body.ShouldBe("{}");
        (seen.Headers["Authorization"], seen.Headers["Idempotency-Key"], seen.Headers["Content-Type"]).ShouldBe(("Bearer abc", "7", "application/json"));
    }

    [Theory]
    [InlineData(500, "broken")]
    [InlineData(503, "overloaded")]
    [InlineData(404, "no such gate")]
    [InlineData(403, """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"pods is forbidden","details":{"kind":"pods"},"code":403}""")]
    [InlineData(503, """{"kind":"Status","message":"mine"}""")]
    public async Task AnswerOfTheService_WhateverItIs_IsAnAnswer(int status, string body)
    {
        await using var api = await ServeAsync(context => Answer(context, status, body));
        using var world = new World(api);

        (await world.Caller.SendAsync(Post(Hook), default)).ShouldBe(new HttpAnswer(status, body));
    }

    [Theory]
    [InlineData(503, "ServiceUnavailable", "no endpoints available for service \"loadtester\"", null)]
    [InlineData(500, "", "error trying to reach service: dial tcp 10.0.0.7:80: connect: connection refused", null)]
    [InlineData(404, "NotFound", "services \"loadtester\" not found", "services")]
    [InlineData(403, "Forbidden", "services \"loadtester\" is forbidden: User \"app\" cannot create resource \"services/proxy\" in API group \"\" in the namespace \"test\"", "services")]
    public async Task RefusalOfTheApiServer_IsNoAnswer(int status, string reason, string message, string? kind)
    {
        await using var api = await ServeAsync(context => Answer(context, status, Refusal(status, reason, message, kind)));
        using var world = new World(api);

        var error = await Should.ThrowAsync<HttpCallException>(() => world.Caller.SendAsync(Post(Hook), default));

        error.IsUnreachable.ShouldBeTrue();
        error.Message.ShouldBe(Asked + message);
    }

    [Fact]
    public async Task RefusalInPlainText_OfAnOldApiServer_IsNoAnswerEither()
    {
        await using var api = await ServeAsync(context => Answer(context, 503, "Error trying to reach service: 'dial tcp 10.0.0.7:80: i/o timeout'"));
        using var world = new World(api);

        (await Should.ThrowAsync<HttpCallException>(() => world.Caller.SendAsync(Post(Hook), default))).IsUnreachable.ShouldBeTrue();
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(403, 1)]
    public async Task Retries_AreForWhatPasses(int status, int attempts)
    {
        await using var api = await ServeAsync(context => Answer(context, status, Refusal(status, "", "no", null)));
        using var world = new World(api);

        await Should.ThrowAsync<HttpCallException>(() => world.Caller.SendAsync(Post(Hook) with { Retries = 2 }, default));

        api.Requests.Count.ShouldBe(attempts);
    }

    [Fact]
    public async Task ApiServerThatIsAway_IsNoAnswer()
    {
        await using var api = await ServeAsync(context => Answer(context, 200, ""));
        using var world = new World(api);
        await api.DisposeAsync();

        var error = await Should.ThrowAsync<HttpCallException>(() => world.Caller.SendAsync(Post(Hook), default));

        error.IsUnreachable.ShouldBeTrue();
        error.Message.ShouldBe($"{Asked}no way through the API server's service proxy: connection refused");
    }

    [Theory]
    [InlineData("http://joe:secret@loadtester.test/", "X-Any")]
    [InlineData("http://loadtester.test/", "authorization")]
    [InlineData("http://loadtester.test/", "Impersonate-User")]
    public async Task CallWithCredentials_IsNotSentAtAll(string url, string header)
    {
        await using var api = await ServeAsync(context => Answer(context, 200, ""));
        using var world = new World(api);

        var error = await Should.ThrowAsync<HttpCallException>(() => world.Caller.SendAsync(Post(url) with { Headers = [new(header, "secret")] }, default));

        error.IsUnreachable.ShouldBeTrue();
        error.Message.ShouldNotContain("secret");
        api.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://loadtester.test/../../../secrets/a")]
    [InlineData("http://loadtester.test/%2e%2e/%2E%2E/secrets/a")]
    [InlineData("http://loadtester.test/..%2f..%2fsecrets/a")]
    public async Task Path_NeverLeadsOutOfTheService(string url)
    {
        await using var api = await ServeAsync(context => Answer(context, 200, ""));
        using var world = new World(api);

        await world.Caller.SendAsync(Post(url), default);

        api.Requests[0].Line.ShouldStartWith("POST /api/v1/namespaces/test/services/loadtester:80/proxy/");
        api.Requests[0].Line.ShouldNotContain("/../");
    }

    [Fact]
    public async Task Redirect_ThatTheApiServerRewrote_IsFollowedWithinTheService()
    {
        await using var api = await ServeAsync(context =>
        {
            if (context.Request.Path.Value!.EndsWith("/graph", StringComparison.Ordinal))
            {
                return Answer(context, 200, "graph");
            }

            context.Response.Headers.Location = "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/graph";
            context.Response.StatusCode = 302;
            return Task.CompletedTask;
        });
        using var world = new World(api);

        (await world.Caller.SendAsync(new("GET", new("http://prometheus.monitoring:9090/"), TimeSpan.FromSeconds(5)), default)).Body.ShouldBe("graph");
        api.Requests[1].Line.ShouldBe("GET /api/v1/namespaces/monitoring/services/prometheus:9090/proxy/graph");
    }

    [Theory]
    [InlineData("the service's own", 1)]
    [InlineData("""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}""", 2)]
    public async Task Status401_OfTheApiServerOnly_AsksForNewCredentials(string body, int requests)
    {
        using var folder = new TempFolder();
        folder.Write("token", "one");
        await using var api = await ServeAsync(context =>
        {
            folder.Write("token", "two");
            return Answer(context, 401, body);
        });
        using var world = new World(api, $"tokenFile: '{Path.Combine(folder.Path, "token")}'");

        await world.SendAnywayAsync(Post(Hook));

        api.Requests.Select(r => r.Headers["Authorization"]).ShouldBe(new[] { "Bearer one", "Bearer two" }.Take(requests));
    }

    [Fact]
    public async Task MappedPlace_ThatIsAway_IsNoAnswer()
    {
        var place = await FakeServer.StartAsync(context => Answer(context, 200, ""));
        await place.DisposeAsync();
        using var caller = new HttpCaller(TimeProvider.System, new() { HostMap = new Dictionary<string, Uri> { ["loadtester.test"] = place.Url } });

        var error = await Should.ThrowAsync<HttpCallException>(() => caller.SendAsync(Post(Hook), default));

        error.IsUnreachable.ShouldBeTrue();
        error.Message.ShouldStartWith($"{Asked}no way through SERVICE_MAP at http://127.0.0.1:");
    }

    [Fact]
    public async Task HostThatIsAway_WithNobodyBetween_IsTheHosts()
    {
        var host = await FakeServer.StartAsync(context => Answer(context, 200, ""));
        await host.DisposeAsync();
        using var caller = new HttpCaller(TimeProvider.System);

        (await Should.ThrowAsync<HttpCallException>(() => caller.SendAsync(new("POST", host.Url, TimeSpan.FromSeconds(5)), default))).IsUnreachable.ShouldBeFalse();
    }

    private static HttpCall Post(string url) => new("POST", new(url), TimeSpan.FromSeconds(5));

    private static Task<FakeServer> ServeAsync(RequestDelegate answer) => FakeServer.StartAsync(answer);

    private static Task Answer(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = body.StartsWith('{') ? "application/json" : "text/plain";
        context.Response.ContentLength = body.Length;
        return context.Response.WriteAsync(body);
    }

    private static string Refusal(int status, string reason, string message, string? kind)
    {
        var refusal = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message, ["reason"] = reason, ["code"] = status };
        if (kind is not null)
        {
            refusal["details"] = new JsonObject { ["name"] = "loadtester", ["kind"] = kind };
        }

        return refusal.ToJsonString();
    }

    /// <summary>A caller outside the cluster that the fake API server is of.</summary>
    private sealed class World(FakeServer api, string user = "token: abc") : IDisposable
    {
        private readonly KubernetesClient _client = KubernetesClient.FromKubeConfig(
            KubeConfigSource.FromText($$"""
                current-context: x
                clusters: [{ name: c, cluster: { server: "{{api.Url}}" } }]
                contexts: [{ name: x, context: { cluster: c, user: u } }]
                users: [{ name: u, user: { {{user}} } }]
                """),
            TimeProvider.System);

        private HttpCaller? _caller;

        public HttpCaller Caller => _caller ??= new(TimeProvider.System, new() { Speed = 1000 }, _client.Services);

        public async Task SendAnywayAsync(HttpCall call)
        {
            try
            {
                await Caller.SendAsync(call, default);
            }
            catch (HttpCallException)
            {
                // What comes of it is not what this is about.
            }
        }

        public void Dispose()
        {
            _caller?.Dispose();
            _client.Dispose();
        }
    }
}
