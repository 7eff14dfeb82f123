using CanaryFunctions.Core.Ports;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>One function as a host sees it.</summary>
public abstract record FunctionEntry(string Name);

/// <summary>Called with each message of a queue.</summary>
/// <param name="RunAsync">Gets the services of this invocation, and the message whose body is JSON text.</param>
/// <param name="Partition">Messages with the same key are not handled at the same time by one process; null where that does not matter.</param>
public sealed record QueueFunction(
    string Name, string Queue, Func<IServiceProvider, Delivered<string>, CancellationToken, Task> RunAsync, Func<string, string>? Partition) : FunctionEntry(Name);

/// <summary>Called on a schedule.</summary>
/// <param name="Schedule">NCRONTAB with six fields, a TimeSpan, or <c>%SETTING%</c>.</param>
public sealed record TimerFunction(
    string Name, string Schedule, Func<IServiceProvider, CancellationToken, Task> RunAsync, bool RunOnStartup) : FunctionEntry(Name);

/// <summary>Called with each HTTP request.</summary>
/// <param name="Route">Template below the host's route prefix.</param>
public sealed record HttpFunction(string Name, IReadOnlyList<string> Methods, string Route, AuthorizationLevel Authorization, RequestDelegate RunAsync)
    : FunctionEntry(Name);
