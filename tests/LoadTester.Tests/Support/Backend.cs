using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.LoadTester.Tests.Support;

/// <summary>What arrived at the <see cref="Backend"/>.</summary>
internal sealed record Seen(string Method, string Path, string Host, string Body, IReadOnlyDictionary<string, string> Headers, string Connection);

/// <summary>A real web server on loopback that remembers every request.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(WebApplication app) => _app = app;

    public ConcurrentQueue<Seen> Requests { get; } = new();

    public string Url { get; private set; } = "";

    public static async Task<Backend> StartAsync(RequestDelegate? handle = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var backend = new Backend(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var request = context.Request;
            backend.Requests.Enqueue(new(request.Method, request.Path + request.QueryString, request.Host.Value ?? "", body, headers, context.Connection.Id));
            context.Items["body"] = body;
            await (handle?.Invoke(context) ?? context.Response.WriteAsync("hello\n", context.RequestAborted));
        });
        await app.StartAsync();
        backend.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return backend;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
