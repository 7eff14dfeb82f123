using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Tests.Hosting;

/// <summary>Payloads as the Functions host sends them stand in testdata/customhandler.</summary>
public sealed class CustomHandlerServerTests : IAsyncLifetime, IDisposable
{
    private readonly List<Delivered<StepMessage>> _steps = [];
    private readonly StringWriter _log = new();
    private readonly HttpClient _http = new();
    private readonly FakeClock _clock = new();
    private readonly TaskCompletionSource _slowBegan = new();
    private readonly ServiceProvider _services;
    private readonly CustomHandlerServer _server;
    private int _sweeps;

    public CustomHandlerServerTests()
    {
        var registry = new FunctionRegistry()
            .Queue("AdvanceRollout", QueueNames.Steps, MessageJson.Default.StepMessage, (_, message, _) =>
            {
                _steps.Add(message);
                return message.Message.Cause == "fail" ? throw new InvalidOperationException("the cluster is away") : Task.CompletedTask;
            })
            .Timer("SweepRollouts", "*/30 * * * * *", (_, _) => Task.FromResult(_sweeps++))
            .Timer("Slow", "*/30 * * * * *", (_, ct) =>
            {
                _slowBegan.SetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
            })
            .Http("Gate", ["POST"], "gate/{name}", GateAsync);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Writer = _log }))
            .BuildServiceProvider();
        _server = new CustomHandlerServer(
            registry, _services, new CustomHandlerOptions { Port = 0 }, _clock, _services.GetRequiredService<ILoggerFactory>());
    }

    public Task InitializeAsync() => _server.StartAsync(default);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _services.Dispose();
        _log.Dispose();
    }

    private static async Task GateAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        context.Response.StatusCode = 201;
        context.Response.Headers["x-seen"] = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers["X-Many"]}";
        await context.Response.WriteAsync($"{context.Request.RouteValues["name"]}: {body}");
    }

    private async Task<(HttpStatusCode Status, string Body, string? ContentType)> SendAsync(string function, string payload)
    {
        using var content = new StringContent(payload, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{_server.Port}/{function}"), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType);
    }

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "customhandler", $"{name}.json"));

    [Theory]
    [InlineData("servicebus", "admission", "m-1", 3)]
    [InlineData("storagequeue", "sweep", "1a6ba1f3-f7d3-49a3-a752-ff1bd0829e51", 2)]
    [InlineData("plainobject", "successor", "plain-id", 4)]
    public async Task Queue_MessageInAnyForm_ReachesTheFunction(string payload, string cause, string id, int deliveries)
    {
        var (status, body, type) = await SendAsync("AdvanceRollout", Golden(payload));

        (status, body, type).ShouldBe((HttpStatusCode.OK, """{"Outputs":{},"Logs":[],"ReturnValue":null}""", "application/json"));
        var step = _steps.ShouldHaveSingleItem();
        step.ShouldBe(new Delivered<StepMessage>(step.Message, id, deliveries));
        (step.Message.Key.ToString(), step.Message.Cause).ShouldBe(("podinfo.test", cause));
    }

    [Fact]
    public async Task Queue_FunctionFails_Is500WithABodyAndALogLine()
    {
        var (status, body, _) = await SendAsync("AdvanceRollout", Golden("servicebus").Replace("admission", "fail", StringComparison.Ordinal));

        (status, body).ShouldBe((HttpStatusCode.InternalServerError, "{}"));
        _log.ToString().ShouldContain("the cluster is away");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Queue_NoInvocation_Is500(string payload)
    {
        (await SendAsync("AdvanceRollout", payload)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        _steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Queue_BodyIsNotTheMessage_Is500()
        => (await SendAsync("AdvanceRollout", Golden("badbody"))).Status.ShouldBe(HttpStatusCode.InternalServerError);

    [Fact]
    public async Task Timer_IsRun()
    {
        (await SendAsync("SweepRollouts", Golden("timer"))).Status.ShouldBe(HttpStatusCode.OK);

        _sweeps.ShouldBe(1);
    }

    [Fact]
    public async Task Http_RequestInTheEnvelope_IsAnsweredThroughOutputs()
    {
        var (status, body, _) = await SendAsync("Gate", Golden("http"));

        status.ShouldBe(HttpStatusCode.OK);
        var res = JsonNode.Parse(body).ObjectAt("Outputs", "res");
        res.Integer("statusCode").ShouldBe(201);
        res.Text("body").ShouldBe("""promote: {"a":1}""");
        res.Text("headers", "x-seen").ShouldBe("POST /api/gate/promote?x=1 a,b");
    }

    [Fact]
    public async Task Http_BinaryBody_IsDecoded()
    {
        var payload = Golden("http").Replace("application/json", "application/octet-stream", StringComparison.Ordinal)
            .Replace("""{\"a\":1}""", Convert.ToBase64String("raw"u8), StringComparison.Ordinal);

        JsonNode.Parse((await SendAsync("Gate", payload)).Body).Text("Outputs", "res", "body").ShouldBe("promote: raw");
    }

    [Fact]
    public async Task Invocation_PastItsDeadline_IsCancelled()
    {
        var sending = SendAsync("Slow", Golden("timer"));
        await _slowBegan.Task.WaitAsync(TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromMinutes(4));

        (await sending).Status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Function_Unknown_Is404AndLogged()
    {
        (await SendAsync("advancerollout", Golden("servicebus"))).Status.ShouldBe(HttpStatusCode.NotFound);

        _log.ToString().ShouldContain("advancerollout");
    }

    [Fact]
    public async Task Root_IsAlive()
    {
        using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{_server.Port}/"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldNotBeEmpty();
    }
}
