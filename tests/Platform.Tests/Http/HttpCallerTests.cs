using System.Net;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.TestKit;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Tests.Http;

public sealed class HttpCallerTests : IDisposable
{
    private readonly HttpCaller _caller = new(TimeProvider.System, new HttpCallerOptions { Speed = 1000 });

    public void Dispose() => _caller.Dispose();

    private static HttpCall Post(Uri url) => new("POST", url, TimeSpan.FromSeconds(5)) { Body = """{"name":"podinfo"}""" };

    private static Task<FakeServer> AnswerAsync(params int[] statuses)
    {
        var next = 0;
        return FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = statuses[Math.Min(next++, statuses.Length - 1)];
            return context.Response.WriteAsync($"answer {next}");
        });
    }

    [Fact]
    public async Task Send_Post_CarriesBodyAndHeaders()
    {
        await using var server = await AnswerAsync(202);

        var answer = await _caller.SendAsync(Post(server.Url) with { Headers = [new("X-Run", "7")] }, default);

        (answer.Status, answer.Body, answer.IsSuccess).ShouldBe((202, "answer 1", true));
        var seen = server.Requests.ShouldHaveSingleItem();
        (seen.Line, seen.Body).ShouldBe(("POST /", """{"name":"podinfo"}"""));
        seen.Headers["Content-Type"].ShouldBe("application/json");
        seen.Headers["X-Run"].ShouldBe("7");
        seen.Headers["User-Agent"].ShouldStartWith("canary-functions/");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Send_Retryable_IsSentAgainUpToItsRetries(int status)
    {
        await using var server = await AnswerAsync(status, status, 200);

        (await _caller.SendAsync(Post(server.Url) with { Retries = 1 }, default)).Status.ShouldBe(status);
        (await _caller.SendAsync(Post(server.Url) with { Retries = 1 }, default)).Status.ShouldBe(200);

        server.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task Send_NotRetryable_IsTheAnswer(int status)
    {
        await using var server = await AnswerAsync(status);

        (await _caller.SendAsync(Post(server.Url) with { Retries = 3 }, default)).Status.ShouldBe(status);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_Retries_WaitOneSecondThenTwo()
    {
        var clock = new FakeClock();
        using var caller = new HttpCaller(clock);
        await using var server = await AnswerAsync(500);
        var started = clock.GetUtcNow();

        var sending = caller.SendAsync(Post(server.Url) with { Retries = 2, Timeout = TimeSpan.FromHours(1) }, default);
        await clock.AdvanceUntilAsync(sending, TimeSpan.FromMilliseconds(50));

        server.Requests.Count.ShouldBe(3);
        (clock.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Send_RetryAfter_IsHonouredAndReported()
    {
        var clock = new FakeClock();
        using var caller = new HttpCaller(clock);
        await using var server = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "40";
            return Task.CompletedTask;
        });
        var started = clock.GetUtcNow();

        var sending = caller.SendAsync(Post(server.Url) with { Retries = 1, Timeout = TimeSpan.FromHours(1) }, default);
        await clock.AdvanceUntilAsync(sending, TimeSpan.FromSeconds(1));

        (await sending).RetryAfter.ShouldBe(TimeSpan.FromSeconds(40));
        (clock.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Send_NobodyListens_SaysSoWithoutSecrets()
    {
        Uri gone;
        await using (var server = await AnswerAsync(200))
        {
            gone = server.Url;
        }

        var url = new UriBuilder(gone) { UserName = "joe", Password = "secret", Path = "/hook", Query = "token=secret" }.Uri;
        var error = await Should.ThrowAsync<HttpCallException>(() => _caller.SendAsync(Post(url) with { Retries = 1 }, default));
        var named = await Should.ThrowAsync<HttpCallException>(() => _caller.SendAsync(Post(url) with { DisplayName = "slack" }, default));

        error.Message.ShouldBe($"POST http://127.0.0.1:{gone.Port}/hook: connection refused (gave up after 2 attempts)");
        named.Message.ShouldBe("POST slack: connection refused");
    }

    [Fact]
    public async Task Send_NoAnswerInTime_SaysSo()
    {
        await using var server = await FakeServer.StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));

        var error = await Should.ThrowAsync<HttpCallException>(
            () => _caller.SendAsync(Post(server.Url) with { Timeout = TimeSpan.FromMilliseconds(100) }, default));

        error.Message.ShouldEndWith(": no answer within 0.1 s");
    }

    [Fact]
    public async Task Send_CallerCancels_IsACancellation()
    {
        await using var server = await FakeServer.StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var stop = new CancellationTokenSource();
        var sending = _caller.SendAsync(Post(server.Url), stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task Send_UntrustedCertificate_IsNotTriedAgainUnlessToldNotToVerify()
    {
        using var certificate = new Certificates("nobody").Server();
        await using var server = await FakeServer.StartAsync(context => context.Response.WriteAsync("ok"), certificate);

        var error = await Should.ThrowAsync<HttpCallException>(() => _caller.SendAsync(Post(server.Url) with { Retries = 3 }, default));
        var answer = await _caller.SendAsync(Post(server.Url) with { InsecureSkipVerify = true }, default);

        error.Message.ShouldEndWith(": the server's certificate is not trusted");
        answer.Body.ShouldBe("ok");
    }

    [Theory]
    [InlineData(307, "POST", "POST /end", 200)]
    [InlineData(308, "POST", "POST /end", 200)]
    [InlineData(302, "GET", "GET /end", 200)]
    [InlineData(302, "POST", "POST /", 302)]
    [InlineData(303, "POST", "POST /", 303)]
    public async Task Send_Redirected_IsFollowedWhereTheCallStaysTheSame(int status, string method, string last, int answered)
    {
        await using var server = await FakeServer.StartAsync(context =>
        {
            if (context.Request.Path != "/end")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/end";
            }

            return Task.CompletedTask;
        });
        var call = Post(server.Url) with { Method = method, Body = method == "POST" ? "body" : null };

        (await _caller.SendAsync(call, default)).Status.ShouldBe(answered);

        server.Requests[^1].Line.ShouldBe(last);
        server.Requests[^1].Body.ShouldBe(call.Body ?? "");
    }

    [Fact]
    public async Task Send_RedirectedInCircles_Ends()
    {
        await using var server = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/";
            return Task.CompletedTask;
        });

        (await Should.ThrowAsync<HttpCallException>(() => _caller.SendAsync(Post(server.Url), default))).Message.ShouldEndWith(": stopped after 10 redirects");
        server.Requests.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Send_RedirectedToAnotherHost_LeavesCredentialsBehind()
    {
        await using var there = await AnswerAsync(200);
        await using var here = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = there.Url.ToString();
            return Task.CompletedTask;
        });

        await _caller.SendAsync(Post(here.Url) with { Headers = [new("Authorization", "Bearer secret"), new("X-Run", "7")] }, default);

        here.Requests[0].Headers["Authorization"].ShouldBe("Bearer secret");
        there.Requests[0].Headers.Keys.ShouldNotContain("Authorization");
        there.Requests[0].Headers["X-Run"].ShouldBe("7");
    }

    [Fact]
    public async Task Send_UserInUrl_IsBasicAuthentication()
    {
        await using var server = await AnswerAsync(200);

        await _caller.SendAsync(Post(new UriBuilder(server.Url) { UserName = "joe", Password = "p%40ss" }.Uri), default);

        server.Requests[0].Headers["Authorization"].ShouldBe($"Basic {Convert.ToBase64String("joe:p@ss"u8)}");
    }

    [Fact]
    public async Task Send_LongAnswer_IsCutForHooksAndWholeForQueries()
    {
        await using var server = await FakeServer.StartAsync(context => context.Response.WriteAsync(new string('x', 100_000)));

        (await _caller.SendAsync(Post(server.Url), default)).Body.Length.ShouldBe(64 * 1024);
        (await _caller.SendAsync(new HttpCall("GET", server.Url, TimeSpan.FromSeconds(5)), default)).Body.Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Send_EndlessQueryAnswer_IsAnError()
    {
        await using var server = await FakeServer.StartAsync(context => context.Response.WriteAsync(new string('x', (4 * 1024 * 1024) + 1)));

        var error = await Should.ThrowAsync<HttpCallException>(() => _caller.SendAsync(new HttpCall("GET", server.Url, TimeSpan.FromSeconds(5)), default));

        error.Message.ShouldEndWith(": the answer is longer than 4 MiB");
    }

    [Fact]
    public async Task Send_NeitherHttpNorHttps_IsRefused()
        => (await Should.ThrowAsync<HttpCallException>(() => _caller.SendAsync(Post(new Uri("ftp://x.example/")), default)))
            .Message.ShouldBe("POST ftp://x.example/: the URL must begin with http:// or https://");

    [Fact]
    public async Task Send_ClusterName_GoesThroughTheClustersProxy()
    {
        await using var proxy = await FakeServer.StartAsync(context => context.Response.WriteAsync(context.Request.Host.Value!));
        using var caller = new HttpCaller(TimeProvider.System, new HttpCallerOptions { ClusterProxy = proxy.Url });

        var answer = await caller.SendAsync(Post(new Uri("http://podinfo-canary.test:9898/token")), default);

        answer.Body.ShouldBe("podinfo-canary.test:9898");
    }

    [Fact]
    public async Task Send_MappedName_GoesToItsPlaceWithItsHost()
    {
        await using var place = await FakeServer.StartAsync(context => context.Response.WriteAsync($"{context.Request.Host}{context.Request.Path}"));
        var map = new Dictionary<string, Uri> { ["flagger-loadtester.test"] = place.Url };
        using var caller = new HttpCaller(TimeProvider.System, new HttpCallerOptions { HostMap = map });

        (await caller.SendAsync(Post(new Uri("http://flagger-loadtester.test/gate/open")), default)).Body.ShouldBe("flagger-loadtester.test/gate/open");
    }

    [Fact]
    public async Task Send_OwnProxy_WinsOverEverything()
    {
        await using var proxy = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.Accepted;
            return Task.CompletedTask;
        });

        var answer = await _caller.SendAsync(Post(new Uri("http://hooks.example.com/x")) with { Proxy = proxy.Url }, default);

        answer.Status.ShouldBe(202);
        proxy.Requests[0].Headers["Host"].ShouldBe("hooks.example.com");
    }

    [Theory]
    [InlineData("http://prometheus:9090", true)]
    [InlineData("http://podinfo.test", true)]
    [InlineData("http://podinfo.dev/", true)]
    [InlineData("http://flagger-loadtester.test.svc/", true)]
    [InlineData("http://a.b.svc.cluster.local:80/", true)]
    [InlineData("http://a.b.svc.my.domain/", true)]
    [InlineData("https://example.com", false)]
    [InlineData("https://hooks.slack.com/services/x", false)]
    [InlineData("https://x.webhook.office.com/", false)]
    [InlineData("http://localhost:8080", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://[fd00::1]:9090/", false)]
    public void IsInternal_TellsClusterNames(string url, bool isInternal) => ClusterNames.IsInternal(new Uri(url)).ShouldBe(isInternal);
}
