using CanaryFunctions.Core;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Telemetry.Metrics;
using CanaryFunctions.Webhook.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CanaryFunctions.Webhook.Health;

/// <summary>
/// <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>, on a plain port of their own: probes and scrapers know nothing of our CA, and they are answered until
/// the very end.
/// </summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private static readonly string Version = typeof(HealthServer).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private readonly Readiness _readiness;
    private readonly CanaryBoard _board;
    private readonly string _provider;
    private readonly MeterReader _meters;
    private readonly WebApplication _app;

    public HealthServer(WebhookOptions options, Readiness readiness, CanaryBoard board, CanaryOptions install, WebhookMetrics metrics)
    {
        (_readiness, _board, _provider) = (readiness, board, install.MeshProvider ?? "");
        _meters = new(metrics.Meter);

        // The empty builder reads no files and watches none.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(options.Listen, options.HealthPort);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        _app = builder.Build();
        _app.MapGet("/healthz", http => http.Response.WriteAsync("ok", http.RequestAborted));
        _app.MapGet("/readyz", ReadyAsync);
        _app.MapGet("/metrics", MetricsAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <exception cref="IOException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await _app.StartAsync(ct);
        var bound = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", bound.Port).Uri;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _meters.Dispose();
    }

    private Task ReadyAsync(HttpContext http)
    {
        var parts = _readiness.Parts();
        var isReady = !parts.Any(p => p.IsFailed);
        http.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync($"{string.Join('\n', parts)}\nreadyz check {(isReady ? "passed" : "failed")}\n", http.RequestAborted);
    }

    private Task MetricsAsync(HttpContext http)
    {
        http.Response.ContentType = ExpositionText.ContentType;
        return http.Response.WriteAsync(ExpositionText.Of([.. CanarySeries.Of(_board.All(), Version, _provider), .. _meters.Collect()]), http.RequestAborted);
    }
}
