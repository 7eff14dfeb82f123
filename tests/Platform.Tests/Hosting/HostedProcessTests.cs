using CanaryFunctions.Platform.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Tests.Hosting;

/// <summary>What a process says to the Functions host besides its answers: lines, logs, exit codes.</summary>
public sealed class HostedProcessTests
{
    [Fact]
    public void Console_LinesOfWarningsAndErrors_GoToStandardError()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var console = new HostConsole(output, error);

        foreach (var level in (string[])["debug", "info", "warn", "error"])
        {
            console.Write($$"""{"level":"{{level}}","msg":"an \"level\":\"error\" in it"}""");
            console.Write('\n');
        }

        Levels(output).ShouldBe(["debug", "info"]);
        Levels(error).ShouldBe(["warn", "error"]);
    }

    [Fact]
    public async Task Logs_OfInvocationsAtTheSameTime_AreKeptApart()
    {
        using var logs = new InvocationLogs();
        var logger = logs.CreateLogger("it");
        logger.IsEnabled(LogLevel.Information).ShouldBeFalse();
        using var together = new Barrier(2);

        var lines = await Task.WhenAll(((string[])["a", "b"]).Select(name => Task.Run(async () =>
        {
            var log = logs.Begin();
            together.SignalAndWait(TimeSpan.FromSeconds(5));
            await Task.Yield();
            Write(logger, LogLevel.Information, name);
            Write(logger, LogLevel.Error, name, new InvalidOperationException("away"));
            return log.ToJson().ToJsonString();
        })));

        lines.ShouldBe(["""["a","error: a InvalidOperationException: away"]""", """["b","error: b InvalidOperationException: away"]"""]);
    }

    [Fact]
    public void Logs_OfAnInvocation_AreBounded()
    {
        using var logs = new InvocationLogs();
        var (log, logger) = (logs.Begin(), logs.CreateLogger("it"));

        Enumerable.Range(0, 250).ToList().ForEach(i => Write(logger, LogLevel.Information, $"{i}"));

        var lines = log.ToJson();
        lines.Count.ShouldBe(201);
        lines[^1]!.GetValue<string>().ShouldBe("50 more lines are in the process' own log.");
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    public void ExitCode_OfAProgramThatNobodyStopped_IsAFailure(bool isHosted, int exit)
    {
        using var signals = new StopSignals();
        signals.ExitCode(isHosted).ShouldBe(exit);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("49231", 49231)]
    public void Port_IsTheHosts(string? text, int port) => CustomHandlerOptions.PortOf(text).ShouldBe(port);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("http")]
    public void Port_ThatIsNone_IsRefused(string text)
        => Should.Throw<FormatException>(() => CustomHandlerOptions.PortOf(text)).Message.ShouldBe($"FUNCTIONS_CUSTOMHANDLER_PORT: '{text}' is no port; it must be a number from 1 to 65535.");

    private static void Write(ILogger logger, LogLevel level, string text, Exception? error = null) => logger.Log(level, default, text, error, (state, _) => state);

    private static IEnumerable<string> Levels(StringWriter writer)
        => writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('"')[3]);
}
