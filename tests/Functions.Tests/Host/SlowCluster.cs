using System.Net;
using CanaryFunctions.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>An API server that holds every request until it is told to say that there is nothing.</summary>
internal sealed class SlowCluster : IAsyncDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;

    private SlowCluster(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.First());

    /// <summary>Somebody is waiting.</summary>
    internal Task Asked => _asked.Task;

    internal static async Task<SlowCluster> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        var cluster = new SlowCluster(builder.Build());
        cluster._app.Run(cluster.AnswerAsync);
        await cluster._app.StartAsync();
        return cluster;
    }

    internal void Release() => _released.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Release();
        return _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _asked.TrySetResult();
        await _released.Task.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","message":"it is not there","code":404}""");
    }
}
