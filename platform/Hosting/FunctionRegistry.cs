using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CanaryFunctions.Core.Ports;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>All functions of a process, registered one by one in its Program. The same list runs in process and behind the Functions host.</summary>
public sealed class FunctionRegistry
{
    private readonly List<FunctionEntry> _functions = [];

    public IReadOnlyList<FunctionEntry> Functions => _functions;

    /// <summary>A function that handles the messages of a queue.</summary>
    /// <param name="type">Source-generated description of the message.</param>
    /// <param name="run">Gets the services of this invocation.</param>
    /// <param name="partition">Messages with the same key are not handled at the same time by one process.</param>
    public FunctionRegistry Queue<T>(
        string functionName,
        string queue,
        JsonTypeInfo<T> type,
        Func<IServiceProvider, Delivered<T>, CancellationToken, Task> run,
        Func<T, string>? partition = null)
        => Add(new QueueFunction(
            functionName,
            queue,
            (services, delivered, ct) => run(services, new Delivered<T>(Parse(delivered.Message, type, functionName), delivered.Id, delivered.DeliveryCount), ct),
            partition is null ? null : body => partition(Parse(body, type, functionName))));

    /// <summary>A function that runs on a schedule.</summary>
    /// <param name="schedule">NCRONTAB with six fields, a TimeSpan, or <c>%SETTING%</c>.</param>
    /// <param name="runOnStartup">Also once at the start.</param>
    public FunctionRegistry Timer(string functionName, string schedule, Func<IServiceProvider, CancellationToken, Task> run, bool runOnStartup = false)
        => Add(new TimerFunction(functionName, schedule, run, runOnStartup));

    /// <summary>A function that answers HTTP requests; its services are the context's <c>RequestServices</c>.</summary>
    /// <param name="route">Template below the host's route prefix, such as <c>gate/{name}</c>.</param>
    public FunctionRegistry Http(
        string functionName, IReadOnlyList<string> methods, string route, RequestDelegate run, AuthorizationLevel authorization = AuthorizationLevel.Function)
        => Add(new HttpFunction(functionName, methods, route, authorization, run));

    /// <summary>Null when there is none of that name. The Functions host keeps the case of names.</summary>
    public FunctionEntry? Find(string name) => _functions.Find(f => f.Name == name);

    private static T Parse<T>(string body, JsonTypeInfo<T> type, string functionName)
        => JsonSerializer.Deserialize(body, type) ?? throw new JsonException($"The message for {functionName} is null.");

    private FunctionRegistry Add(FunctionEntry function)
    {
        if (Find(function.Name) is not null)
        {
            throw new ArgumentException($"There is a function named '{function.Name}' already.", nameof(function));
        }

        _functions.Add(function);
        return this;
    }
}
