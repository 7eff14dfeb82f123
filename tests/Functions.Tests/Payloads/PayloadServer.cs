using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Functions.Tests.Payloads;

/// <summary>The custom-handler server in front of one function of each kind, which only tell what reached them.</summary>
internal sealed class PayloadServer : IAsyncDisposable
{
    internal const string InvocationId = "0c6f2c0e-8c0a-4a5b-9a0d-3c7f0a2f9b11";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly StringWriter _log = new();
    private readonly JsonArray _seen = [];
    private readonly ServiceProvider _services;
    private readonly ILogger _logger;
    private readonly CustomHandlerServer _server;

    private PayloadServer()
    {
        var logs = new InvocationLogs();
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Writer = _log }).AddProvider(logs))
            .BuildServiceProvider();
        var loggers = _services.GetRequiredService<ILoggerFactory>();
        _logger = loggers.CreateLogger("function");
        var registry = new FunctionRegistry()
            .Queue("Queue", QueueNames.Steps, (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonElement)), OnMessage)
            .Timer("Timer", "0 * * * * *", (_, _) =>
            {
                _seen.Add("timer");
                return Task.CompletedTask;
            })
            .Http("Http", ["GET", "POST"], "gate/{name}", OnRequestAsync);
        _server = new(registry, _services, new CustomHandlerOptions { Port = 0 }, logs, new FakeClock(), loggers);
    }

    internal static async Task<PayloadServer> StartAsync()
    {
        var server = new PayloadServer();
        await server._server.StartAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Posts it as the host does, chunked; gives what the function saw and what the host gets.</summary>
    internal async Task<JsonObject> SendAsync(string function, string invocation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_server.Port}/{function}"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(invocation)),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-Azure-Functions-InvocationId", InvocationId);
        using var response = await _http.SendAsync(request);
        return new JsonObject
        {
            ["status"] = (int)response.StatusCode,
            ["contentType"] = response.Content.Headers.ContentType?.ToString(),
            ["answer"] = JsonNode.Parse(await response.Content.ReadAsStringAsync()),
            ["seen"] = _seen,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _http.Dispose();
        await _log.DisposeAsync();
    }

    private Task OnMessage(IServiceProvider services, Delivered<JsonElement> message, CancellationToken ct)
    {
        var body = JsonNode.Parse(message.Message.GetRawText());
        _logger.Seen(message.Id);
        var line = JsonNode.Parse(_log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        _seen.Add(new JsonObject
        {
            ["body"] = body,
            ["id"] = message.Id,
            ["deliveryCount"] = message.DeliveryCount,
            ["session"] = line.Text("session"),
            ["invocation"] = line.Text("invocation"),
        });
        return body.Text("cause") == "fail" ? throw new InvalidOperationException("as the message asks for") : Task.CompletedTask;
    }

    private async Task OnRequestAsync(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body);
        _seen.Add(new JsonObject
        {
            ["method"] = request.Method,
            ["url"] = $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}",
            ["many"] = request.Headers["X-Many"].Count,
            ["name"] = request.RouteValues["name"]?.ToString(),
            ["length"] = request.ContentLength,
            ["body"] = await reader.ReadToEndAsync(),
        });
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers["x-seen"] = "yes";
        await context.Response.WriteAsync("done");
    }
}

internal static partial class PayloadLog
{
    [LoggerMessage(1, LogLevel.Information, "Saw {Id}.")]
    public static partial void Seen(this ILogger logger, string id);
}
