using System.Collections.Concurrent;
using CanaryFunctions.LoadTester.Hey;
using CanaryFunctions.LoadTester.Shell;
using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Hey;

public sealed class HeyRunnerTests
{
    [Fact]
    public async Task Run_CountOfRequests_SendsExactlyThatManyOverFewConnections()
    {
        await using var backend = await Backend.StartAsync();
        var report = await RunAsync($"-n 103 -c 4 {backend.Url}/info");
        backend.Requests.Count.ShouldBe(100); // each worker sends its whole share of n, no remainder
        backend.Requests.Select(r => r.Connection).Distinct().Count().ShouldBeLessThanOrEqualTo(4);
        report.Stats.Statuses.ShouldBe(new Dictionary<int, long> { [200] = 100 });
        report.Stats.Bytes.ShouldBe(600);
    }

    [Fact]
    public async Task Run_Post_SendsMethodBodyHostAndHeaders()
    {
        await using var backend = await Backend.StartAsync();
        await RunAsync($"-n 1 -c 1 -m POST -d '{{test: 2}}' -host app.example.com -H 'X-Canary: insider' -H 'Host: ignored' {backend.Url}/echo?a=1");
        var seen = backend.Requests.ShouldHaveSingleItem();
        (seen.Method, seen.Path, seen.Host, seen.Body).ShouldBe(("POST", "/echo?a=1", "app.example.com", "{test: 2}"));
        seen.Headers["X-Canary"].ShouldBe("insider");
        seen.Headers["Content-Type"].ShouldBe("text/html");
        seen.Headers["User-Agent"].ShouldBe("hey/0.0.1");
    }

    [Fact]
    public async Task Run_DisabledKeepAlive_OpensAConnectionForEach()
    {
        await using var backend = await Backend.StartAsync();
        await RunAsync($"-n 5 -c 1 -disable-keepalive {backend.Url}/");
        backend.Requests.Select(r => r.Connection).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task Run_Redirects_AreFollowedUnlessDisabled()
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            if (context.Request.Path == "/old")
            {
                context.Response.Redirect("/new");
            }

            return Task.CompletedTask;
        });
        var following = await RunAsync($"-n 1 -c 1 {backend.Url}/old");
        var staying = await RunAsync($"-n 1 -c 1 -disable-redirects {backend.Url}/old");
        following.Stats.Statuses.Keys.ShouldBe([200]);
        staying.Stats.Statuses.Keys.ShouldBe([302]);
    }

    [Fact]
    public async Task Run_Duration_IsDividedAndRateMultipliedBySpeed()
    {
        // Nominal: 100 s at 2 workers x 5 a second. At speed 200: 0.5 s with a request a millisecond and worker; 4 were the rate not scaled.
        await using var backend = await Backend.StartAsync();
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var report = await RunAsync($"-z 100s -q 5 -c 2 {backend.Url}/", speed: 200);
        time.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        report.Total.TotalSeconds.ShouldBeInRange(98, 6000); // 100, less the grain of a timer (a few real milliseconds count 200-fold)
        report.Stats.Answers.ShouldBeInRange(5, 1000); // never more than the ticks there were, on any machine
        report.Stats.Answers.ShouldBe(backend.Requests.Count);
    }

    [Fact]
    public async Task Run_Stopped_ReportsWhatWasSent()
    {
        using var stop = new CancellationTokenSource();
        await using var backend = await Backend.StartAsync();
        var count = 0;
        var report = await RunAsync($"-z 10m -c 2 {backend.Url}/", answered: _ =>
        {
            if (Interlocked.Increment(ref count) == 20)
            {
                stop.Cancel();
            }
        }, stop: stop.Token);
        report.Stats.Answers.ShouldBeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public async Task Run_SlowAnswer_IsAnErrorAfterTheTimeoutAndTheNextRequestGoesOn()
    {
        var calls = 0;
        await using var backend = await Backend.StartAsync(
            context => Interlocked.Increment(ref calls) == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted) : Task.CompletedTask);
        var report = await RunAsync($"-n 3 -c 1 -t 1 {backend.Url}/");
        report.Stats.Answers.ShouldBe(2);
        report.Stats.Errors.Keys.ShouldHaveSingleItem().ShouldContain("no answer within 1 s");
    }

    [Fact]
    public async Task Run_NobodyListens_CountsErrorsAndTellsStatusZero()
    {
        string url;
        await using (var gone = await Backend.StartAsync())
        {
            url = gone.Url;
        }

        var statuses = new ConcurrentBag<int>();
        var report = await RunAsync($"-n 4 -c 2 {url}/", answered: statuses.Add);
        report.Stats.Failures.ShouldBe(4);
        report.Stats.Errors.Keys.First().ShouldContain("refused");
        statuses.ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public async Task Run_ClusterName_GoesToTheProxyUnchangedWithItsHostHeader()
    {
        await using var proxy = new RawProxy("{}");
        await RunAsync("-n 1 -c 1 -host app.example.com http://podinfo-canary/token", proxy: proxy.Url);
        var head = proxy.Heads.ShouldHaveSingleItem();
        head.ShouldStartWith("GET http://podinfo-canary/token HTTP/1.1\r\n");
        head.ShouldContain("\r\nHost: app.example.com\r\n");
    }

    [Fact]
    public async Task Run_LoopbackUrl_IsNotSentToTheClusterProxy()
    {
        await using var proxy = new RawProxy("{}");
        await using var backend = await Backend.StartAsync();
        await RunAsync($"-n 1 -c 1 {backend.Url}/", proxy: proxy.Url);
        backend.Requests.Count.ShouldBe(1);
        proxy.Heads.ShouldBeEmpty();
    }

    private static Task<HeyReport> RunAsync(
        string words, double speed = 1, Uri? proxy = null, Action<int>? answered = null, CancellationToken stop = default)
        => new HeyRunner(TimeProvider.System, speed, proxy, answered ?? (_ => { })).RunAsync(HeyArguments.Parse(ShellWords.Split(words)), stop);
}
