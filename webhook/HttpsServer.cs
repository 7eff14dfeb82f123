using System.Security.Authentication;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Webhook.Admission;
using CanaryFunctions.Webhook.Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CanaryFunctions.Webhook;

/// <summary>The HTTPS listener for reviews, within limits: whoever reaches the port can send anything, at any pace.</summary>
internal sealed class HttpsServer : IAsyncDisposable
{
    private static readonly TimeSpan HeadersLimit = TimeSpan.FromSeconds(10);

    // An API server gives up after two seconds; the largest body at this rate takes longer by far.
    private const double SlowestBody = 64 * 1024;

    // Each may hold a body in memory.
    private const int MostConnections = 1_000;

    private readonly WebApplication _app;
    private bool _isListening;

    /// <param name="loggers">Gets the server's own lines.</param>
    public HttpsServer(WebhookOptions options, ServingCertificate certificate, ILoggerFactory loggers)
    {
        // The empty builder reads no files and watches none.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = AdmissionEndpoints.MaxBody;
            kestrel.Limits.RequestHeadersTimeout = HeadersLimit;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestBody, options.SlowBodyGrace);
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(options.Listen, options.Port, endpoint => endpoint.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => certificate.Current;
            }));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        _app = builder.Build();
    }

    public IEndpointRouteBuilder Routes => _app;

    /// <summary>Puts something around every request.</summary>
    public void Use(Func<HttpContext, RequestDelegate, Task> around) => _app.Use(around);

    /// <summary>Listens; gives the port.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public async Task<int> StartAsync(CancellationToken ct)
    {
        await _app.StartAsync(ct);
        _isListening = true;
        return new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    /// <summary>Takes no more requests; those under way get their answer, within the limit.</summary>
    public async Task StopAsync(CancellationToken limit)
    {
        if (_isListening)
        {
            _isListening = false;
            await _app.StopAsync(limit);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
