using CanaryFunctions.Core;
using CanaryFunctions.LoadTester.Logging;

namespace CanaryFunctions.LoadTester;

/// <summary>Every log line of the load tester; ids 6000 to 6999. The wording of tasks' lines is the contract's (hooks-alerts.md 3.4).</summary>
internal static partial class Log
{
    /// <summary>Puts the Canary's name on every line logged until it is disposed.</summary>
    public static IDisposable? ForCanary(this ILogger logger, CanaryKey canary) => logger.BeginScope(new CanaryScope(canary));

    [LoggerMessage(6001, LogLevel.Information, "load tester listening on {Address}")]
    public static partial void Listening(this ILogger logger, Uri address);

    [LoggerMessage(6002, LogLevel.Information, "load tester stopped")]
    public static partial void ServerStopped(this ILogger logger);

    [LoggerMessage(6010, LogLevel.Information, "task starting {Command}")]
    public static partial void TaskStarting(this ILogger logger, string command);

    [LoggerMessage(6011, LogLevel.Information, "command finished {Command}")]
    public static partial void CommandFinished(this ILogger logger, string command);

    [LoggerMessage(6012, LogLevel.Error, "command failed {Command} {Problem} {Output}")]
    public static partial void CommandFailed(this ILogger logger, string command, string problem, string output);

    [LoggerMessage(6013, LogLevel.Information, "command stopped {Command}")]
    public static partial void CommandStopped(this ILogger logger, string command);

    [LoggerMessage(6014, LogLevel.Information, "command skipped {Command} is already running")]
    public static partial void CommandSkipped(this ILogger logger, string command);

    [LoggerMessage(6015, LogLevel.Information, "{Output}")]
    public static partial void CommandOutput(this ILogger logger, string output);

    [LoggerMessage(6016, LogLevel.Warning, "command {Command} had no effect: {Warning}")]
    public static partial void CommandWarned(this ILogger logger, string command, string warning);

    [LoggerMessage(6017, LogLevel.Information, "bash command {Command}")]
    public static partial void BashStarting(this ILogger logger, string command);

    [LoggerMessage(6018, LogLevel.Information, "running command {Tool} {Command}")]
    public static partial void ToolStarting(this ILogger logger, string tool, string command);

    [LoggerMessage(6019, LogLevel.Error, "task {Command} broke")]
    public static partial void TaskBroke(this ILogger logger, Exception exception, string command);

    [LoggerMessage(6020, LogLevel.Information, "stop of task {Id} asked for")]
    public static partial void StopAsked(this ILogger logger, string id);

    [LoggerMessage(6030, LogLevel.Information, "{Gate} gate opened")]
    public static partial void GateOpened(this ILogger logger, string gate);

    [LoggerMessage(6031, LogLevel.Information, "{Gate} gate closed")]
    public static partial void GateClosed(this ILogger logger, string gate);

    [LoggerMessage(6032, LogLevel.Warning, "request to {Path} refused: {Problem}")]
    public static partial void RequestRefused(this ILogger logger, string path, string problem);
}
