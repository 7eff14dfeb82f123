using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Tests.Hosting;

public sealed class CustomHandlerServerTests : IAsyncLifetime, IDisposable
{
    private const string Timer = """{"Data":{"tick":{"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"Slow"}}}""";

    private readonly List<Delivered<StepMessage>> _steps = [];
    private readonly StringWriter _log = new();
    private readonly HttpClient _http = new();
    private readonly FakeClock _clock = new();
    private readonly TaskCompletionSource _slowBegan = new();
    private readonly TaskCompletionSource _slowMayEnd = new();
    private readonly ServiceProvider _services;
    private readonly CustomHandlerServer _server;
    private readonly FakeQueue _queue;

    public CustomHandlerServerTests()
    {
        var registry = new FunctionRegistry()
            .Queue("AdvanceRollout", QueueNames.Steps, MessageJson.Default.StepMessage, (_, message, _) =>
            {
                _steps.Add(message);
                return message.Message.Cause switch
                {
                    "fail" => throw new InvalidOperationException("as the message asks for"),
                    "away" => throw new ClusterException(503, "ServiceUnavailable", "the cluster is away"),
                    "forbidden" => throw new ClusterException(403, "Forbidden", "the cluster does not let us"),
                    _ => Task.CompletedTask,
                };
            })
            .Timer("Slow", "*/30 * * * * *", (_, ct) =>
            {
                _slowBegan.SetResult();
                return _slowMayEnd.Task.WaitAsync(ct);
            });
        var logs = new InvocationLogs();
        _queue = new(_clock);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Writer = _log }).AddProvider(logs))
            .AddSingleton<IStepQueue>(_queue)
            .BuildServiceProvider();
        _server = new CustomHandlerServer(
            registry, _services, new CustomHandlerOptions { Port = 0 }, logs, _clock, _services.GetRequiredService<ILoggerFactory>());
    }

    public Task InitializeAsync() => _server.StartAsync(default);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _services.Dispose();
        _log.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body, string? ContentType)> SendAsync(string function, string payload)
    {
        using var content = new StringContent(payload, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{_server.Port}/{function}"), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>As the host encodes it; the forms that it may have are tested with the functions.</summary>
    private static string Invocation(string cause)
        => new JsonObject
        {
            ["Data"] = new JsonObject { ["step"] = JsonValue.Create(new JsonObject { ["namespace"] = "test", ["name"] = "podinfo", ["cause"] = cause }.ToJsonString()).ToJsonString() },
            ["Metadata"] = new JsonObject { ["MessageId"] = "\"m-1\"", ["DeliveryCount"] = "1" },
        }.ToJsonString();

    [Fact]
    public async Task Queue_MessageIsHandled_AnswersWithOutputsAndLogs()
    {
        var (status, body, type) = await SendAsync("AdvanceRollout", Invocation("admission"));

        (status, body, type).ShouldBe((HttpStatusCode.OK, """{"Outputs":{},"Logs":[],"ReturnValue":null}""", "application/json"));
        _steps.ShouldHaveSingleItem().ShouldBe(new Delivered<StepMessage>(new("test", "podinfo", "admission"), "m-1", 1));
    }

    [Theory]
    [InlineData("fail", "as the message asks for")]
    [InlineData("forbidden", "the cluster does not let us")]
    public async Task Queue_FunctionFails_Is500WithABodyAndALogLine(string cause, string logged)
    {
        var (status, body, _) = await SendAsync("AdvanceRollout", Invocation(cause));

        (status, body).ShouldBe((HttpStatusCode.InternalServerError, "{}"));
        _log.ToString().ShouldContain(logged);
        _queue.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task Queue_FailureThatPasses_IsPutOffByACopy()
    {
        var (status, body, _) = await SendAsync("AdvanceRollout", Invocation("away"));

        status.ShouldBe(HttpStatusCode.OK);
        JsonNode.Parse(body).ListAt("Logs").Single().Text().ShouldNotBeNull().ShouldStartWith("warning: Function AdvanceRollout put message m-1 off until");
        var copy = _queue.Waiting.ShouldHaveSingleItem();
        var due = _clock.GetUtcNow().AddSeconds(10);
        (copy.Queue, copy.Id, copy.NotBefore).ShouldBe((QueueNames.Steps, $"m-1~{due.ToUnixTimeMilliseconds()}", due));
        copy.Body.ShouldBe("""{"namespace":"test","name":"podinfo","cause":"away"}""");
    }

    [Fact]
    public async Task Queue_FailureThatPassesAndNoCopyCanBeSent_Is500()
    {
        _queue.BeforeEnqueue = _ => throw new InvalidOperationException("the broker is away");

        (await SendAsync("AdvanceRollout", Invocation("away"))).Status.ShouldBe(HttpStatusCode.InternalServerError);
        _log.ToString().ShouldContain("the broker is away");
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
    public async Task Stop_WaitsForInvocationsThatRun()
    {
        var sending = SendAsync("Slow", Timer);
        await _slowBegan.Task.WaitAsync(TimeSpan.FromSeconds(5));

        var stopping = _server.StopAsync(CancellationToken.None);
        stopping.IsCompleted.ShouldBeFalse();
        _slowMayEnd.SetResult();

        (await sending).Status.ShouldBe(HttpStatusCode.OK);
        await stopping.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Invocation_PastItsDeadline_IsCancelled()
    {
        var sending = SendAsync("Slow", Timer);
        await _slowBegan.Task.WaitAsync(TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromMinutes(4));

        (await sending).Status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Function_Unknown_Is404AndLogged()
    {
        (await SendAsync("advancerollout", Invocation("admission"))).Status.ShouldBe(HttpStatusCode.NotFound);

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
