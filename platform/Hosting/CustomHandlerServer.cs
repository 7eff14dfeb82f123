using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// The server that the Azure Functions host calls (contracts/azure-keda.md 1): <c>POST /{FunctionName}</c> for each invocation, <c>GET /</c> to see whether
/// it is up. Register it after everything that has to be ready first: the first answer tells the host to send work.
/// </summary>
public sealed class CustomHandlerServer(
    FunctionRegistry registry, IServiceProvider services, CustomHandlerOptions options, InvocationLogs logs, TimeProvider time, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    private const string Json = "application/json; charset=utf-8";

    private readonly ILogger _logger = loggers.CreateLogger<CustomHandlerServer>();
    private readonly InvocationRunner _runner = new(services, time, loggers.CreateLogger<CustomHandlerServer>());
    private WebApplication? _app;

    /// <summary>The port it listens on, once started.</summary>
    public int Port { get; private set; }

    /// <exception cref="IOException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The empty builder: app settings reach this process as its environment, and ASPNETCORE_URLS among them must not move the listener.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain);
        _app = builder.Build();
        _app.MapGet("/", (RequestDelegate)(context => AnswerAsync(context, StatusCodes.Status200OK, [])));
        _app.MapPost("/{function}", (RequestDelegate)InvokeAsync);
        await _app.StartAsync(cancellationToken);
        Port = new Uri(_app.Urls.First()).Port;
        _logger.CustomHandlerStarted(Names(), Port);
    }

    /// <summary>Takes no more invocations and waits for those that run; those that take too long are cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Names() => string.Join(", ", registry.Functions.Select(f => f.Name));

    private async Task InvokeAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["function"]!;
        var id = context.Request.Headers["X-Azure-Functions-InvocationId"].ToString() is { Length: > 0 } given ? given : context.TraceIdentifier;
        using var scope = _logger.BeginScope(new[] { new KeyValuePair<string, object?>("invocation", id) });
        if (registry.Find(name) is not { } function)
        {
            _logger.FunctionUnknown(name, Names());
            await AnswerAsync(context, StatusCodes.Status404NotFound, []);
            return;
        }

        // The host cancels nothing and, when its own time is up, kills this process. A dropped connection means that the host is gone.
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        var log = logs.Begin();
        try
        {
            var outputs = await _runner.RunAsync(function, new Invocation(await ReadAsync(context.Request.Body, either.Token), id), either.Token);
            await AnswerAsync(context, StatusCodes.Status200OK, new JsonObject { ["Outputs"] = outputs, ["Logs"] = log.ToJson(), ["ReturnValue"] = null });
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The host drops what a failed invocation answers; only the log can say why. The message comes again.
            _logger.InvocationFailed(e, name, id);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, []);
        }
        catch (OperationCanceledException)
        {
            _logger.HostGone(name, id);
        }
    }

    private static async Task<JsonObject> ReadAsync(Stream body, CancellationToken ct)
        => await JsonNode.ParseAsync(body, cancellationToken: ct) as JsonObject ?? throw new JsonException("The invocation is not a JSON object.");

    /// <summary>Never an empty body: the host would wait for the rest until its function timeout.</summary>
    private static async Task AnswerAsync(HttpContext context, int status, JsonObject answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer.ToJsonString());
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
