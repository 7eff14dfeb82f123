using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Endpoints;

public sealed class RouteTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    public async Task Healthz_AnyMethod_IsOk(string method)
    {
        await using var tester = await Tester.StartAsync();
        var answer = await tester.SendAsync("/healthz", null, method);
        answer.ShouldBe((200, method == "HEAD" ? "" : "OK"));
    }

    [Theory]
    [InlineData("/gate/opne")]
    [InlineData("/gate")]
    [InlineData("/rollback/approve")]
    [InlineData("/anything")]
    [InlineData("/tasks/")]
    public async Task UnknownPath_IsNeverATask_AndNamesTheRoutes(string path)
    {
        await using var tester = await Tester.StartAsync();
        var (status, body) = await tester.SendAsync(path, Tester.Payload("bash", "true"));
        status.ShouldBe(404);
        body.ShouldStartWith($"path '{path}' is not known; use one of: POST /, GET /tasks, DELETE /tasks/{{id}}, /gate/approve, ");
        (await tester.TasksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_AfterATask_CountIt()
    {
        await using var tester = await Tester.StartAsync();
        await tester.SubmitAsync("bash", "true");
        var (status, body) = await tester.SendAsync("/metrics", null, "GET");
        status.ShouldBe(200);
        body.ShouldContain("loadtester_task_duration_seconds_count{type=\"bash\",result=\"succeeded\"} 1\n");
    }

    [Fact]
    public async Task Log_Lines_AreJsonWithTheCanary()
    {
        await using var tester = await Tester.StartAsync();
        await tester.SubmitAsync("bash", "echo 'a<b>'");
        var line = tester.Log.First(l => (string?)l["msg"] == "bash command echo 'a<b>'");
        ((string?)line["level"], (string?)line["canary"]).ShouldBe(("info", "podinfo.test"));
        DateTimeOffset.TryParse((string?)line["ts"], out _).ShouldBeTrue();
        tester.Log.First(l => ((string?)l["msg"])!.StartsWith("load tester listening", StringComparison.Ordinal)).ContainsKey("canary").ShouldBeFalse();
    }

    [Fact]
    public async Task Start_PortTaken_Fails()
    {
        await using var tester = await Tester.StartAsync();
        await Should.ThrowAsync<IOException>(() => LoadTesterServer.StartAsync(new() { Port = tester.Address.Port, LogSink = _ => { } }, CancellationToken.None));
    }
}
