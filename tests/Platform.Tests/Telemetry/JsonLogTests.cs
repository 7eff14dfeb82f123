using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Tests.Telemetry;

public sealed partial class JsonLogTests : IDisposable
{
    private readonly StringWriter _writer = new();
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 11, 21, 10, 0, 0, 123, TimeSpan.Zero));
    private readonly ServiceProvider _services;
    private readonly ILogger _logger;

    public JsonLogTests()
    {
        _services = Services(LogLevel.Debug);
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("CanaryFunctions.Tests");
    }

    public void Dispose()
    {
        _services.Dispose();
        _writer.Dispose();
    }

    private ServiceProvider Services(LogLevel level) => new ServiceCollection()
        .AddSingleton<TimeProvider>(_clock)
        .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Level = level, Writer = _writer }))
        .BuildServiceProvider();

    private string[] Lines() => _writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private JsonNode Line() => JsonNode.Parse(Lines().ShouldHaveSingleItem())!;

    [LoggerMessage(1, LogLevel.Information, "Advance {Canary} canary weight {CanaryWeight}")]
    private static partial void Advanced(ILogger logger, string canary, int canaryWeight);

    [LoggerMessage(2, LogLevel.Error, "Step failed.")]
    private static partial void Failed(ILogger logger, Exception error);

    [Fact]
    public void Event_IsOneLineWithTheContractsKeys()
    {
        Advanced(_logger, "podinfo.test", 5);

        _writer.ToString().ShouldBe(
            """{"level":"info","ts":"2026-11-21T10:00:00.123Z","logger":"CanaryFunctions.Tests","msg":"Advance podinfo.test canary weight 5","canary":"podinfo.test","canaryWeight":5}"""
            + "\n");
    }

    [Fact]
    public void Scopes_AddTheirValues_TheEventsOwnWin()
    {
        using (_logger.BeginScope(new Dictionary<string, object?> { ["Canary"] = "outer", ["run"] = "r1", ["step"] = 1 }))
        using (_logger.BeginScope(new Dictionary<string, object?> { ["step"] = 2 }))
        using (_logger.BeginScope("only text"))
        {
            Advanced(_logger, "podinfo.test", 5);
        }

        var line = Line();
        (line.Text("canary"), line.Text("run"), line.Integer("step")).ShouldBe(("podinfo.test", "r1", 2));
    }

    [Fact]
    public void Exception_IsOneFieldOfTheSameLine()
    {
        Failed(_logger, new InvalidOperationException("first\nsecond"));

        var line = Line();
        line.Text("level").ShouldBe("error");
        line.Text("msg").ShouldBe("Step failed.");
        line.Text("stacktrace").ShouldNotBeNull().ShouldContain("first\nsecond");
    }

    [Theory]
    [InlineData(LogLevel.Trace, null)]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "error")]
    public void Levels_HaveTheContractsNames(LogLevel level, string? name)
    {
        _logger.Log(level, "hello");

        Lines().Select(l => JsonNode.Parse(l).Text("level")).ShouldBe(name is null ? [] : [name]);
    }

    [Fact]
    public void Level_Warning_LeavesOutInformation()
    {
        using var services = Services(JsonLogOptions.ParseLevel("warning"));

        Advanced(services.GetRequiredService<ILogger<JsonLogTests>>(), "podinfo.test", 5);

        Lines().ShouldBeEmpty();
    }

    [Fact]
    public void Level_OfTheFramework_IsWarning()
    {
        var framework = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Server");

        framework.LogInformation("listening");
        framework.LogWarning("odd");

        Line().Text("msg").ShouldBe("odd");
    }

    [Theory]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("INFO", LogLevel.Information)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("error", LogLevel.Error)]
    [InlineData("fatal", LogLevel.Error)]
    public void ParseLevel_KnowsTheContractsNames(string text, LogLevel level) => JsonLogOptions.ParseLevel(text).ShouldBe(level);

    [Fact]
    public void ParseLevel_Unknown_SaysWhatIsAllowed()
        => Should.Throw<FormatException>(() => JsonLogOptions.ParseLevel("loud")).Message.ShouldBe("log-level: 'loud' is no level; use debug, info, warning or error.");

    [Fact]
    public void Text_StaysReadable()
    {
        Advanced(_logger, "<größer> & 'so'", 5);

        Lines()[0].ShouldContain("<größer> & 'so'");
    }
}
