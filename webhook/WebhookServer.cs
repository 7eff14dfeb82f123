using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Webhook.Admission;
using CanaryFunctions.Webhook.Certificates;
using CanaryFunctions.Webhook.Conversion;
using CanaryFunctions.Webhook.Health;
using CanaryFunctions.Webhook.Hints;
using CanaryFunctions.Webhook.Index;
using CanaryFunctions.Webhook.Registration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CanaryFunctions.Webhook;

/// <summary>
/// The admission webhook: HTTPS server, index of the cluster, hints to the queue, certificate and registration. Started and ended as a whole; the command
/// line runs it inside its own process, <c>Program</c> as one of its own.
/// </summary>
public sealed class WebhookServer : IAsyncDisposable
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly WebhookOptions _options;
    private readonly IClusterClient _cluster;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly TargetIndexFeeder _feeder;
    private readonly HintChannel _hints;
    private readonly HintMetrics _metrics = new();
    private readonly HintPump _pump;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private WebhookRegistration? _registration;
    private ConversionRegistration? _conversion;
    private volatile X509Certificate2? _certificate;
    private volatile bool _isRegistered;
    private bool _isListening;
    private bool _isDisposed;

    private WebhookServer(WebhookOptions options, IServiceProvider services)
    {
        _options = options;
        _cluster = services.GetRequiredService<IClusterClient>();
        _time = services.GetRequiredService<TimeProvider>();
        _loggers = services.GetRequiredService<ILoggerFactory>();
        var index = services.GetRequiredService<TargetIndex>();
        _feeder = new(_cluster, index, services.GetRequiredService<CanaryOptions>(), _time, _loggers.CreateLogger<TargetIndexFeeder>());
        _hints = new(options.HintCapacity);
        _pump = new(_hints, services.GetRequiredService<IStepQueue>(), _metrics, options.Settle, _time, _loggers.CreateLogger<HintPump>());
        _app = Build();
        new AdmissionEndpoints(services.GetRequiredService<AdmissionPolicy>(), _pump, options.OwnNamespace, _loggers.CreateLogger<AdmissionEndpoints>()).Map(_app);
        new ConversionEndpoint(_loggers.CreateLogger<ConversionEndpoint>()).Map(_app);
        new HealthEndpoints(index, () => _isRegistered).Map(_app);
    }

    /// <summary>Where it listens, under the first of <see cref="WebhookOptions.Hosts"/>.</summary>
    public Uri Address { get; private set; } = new("https://127.0.0.1");

    /// <summary>The CA that signed the server's certificate, in PEM.</summary>
    public string CaCertificate { get; private set; } = "";

    /// <summary>Starts everything and returns when reviews are answered and, if asked for, the webhooks are registered.</summary>
    /// <param name="services">With what <see cref="WebhookServices.AddCanaryWebhook"/> says.</param>
    /// <exception cref="ClusterException">The API server refuses the certificate's Secret or the registration.</exception>
    public static async Task<WebhookServer> StartAsync(WebhookOptions options, IServiceProvider services, CancellationToken ct)
    {
        var server = new WebhookServer(options, services);
        try
        {
            await server.StartAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await UnregisterAsync();

        // The server first, so that the hints of its last answers still find the pump.
        await StopServerAsync();
        await _app.DisposeAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _hints.Dispose();
        _metrics.Dispose();
        _stop.Dispose();
        _certificate?.Dispose();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        var bundle = await ObtainCertificateAsync(ct);
        (_certificate, CaCertificate) = (bundle.Load(), bundle.CaCertificate);
        _running.Add(_feeder.RunAsync(_stop.Token));
        _running.Add(_pump.RunAsync(_stop.Token));
        await _app.StartAsync(ct);
        _isListening = true;
        Address = ListeningAddress();
        _loggers.CreateLogger<WebhookServer>().Listening(Address);
        await WaitForIndexAsync(ct);
        if (_options.Register)
        {
            _conversion = new(_cluster, _options, Address, CaCertificate, _loggers.CreateLogger<ConversionRegistration>());
            await _conversion.ApplyAsync(ct);
            _registration = new(_cluster, _options, Address, CaCertificate, _loggers.CreateLogger<WebhookRegistration>());
            await _registration.ApplyAsync(ct);
        }

        _isRegistered = true;
    }

    // Inside the cluster replicas go on answering under the same registration.
    private async Task UnregisterAsync()
    {
        if (!_options.Outside)
        {
            return;
        }

        using var limit = new CancellationTokenSource(RemovalLimit, _time);
        await (_registration?.RemoveAsync(limit.Token) ?? Task.CompletedTask);
        await (_conversion?.RemoveAsync(limit.Token) ?? Task.CompletedTask);
    }

    // Reviews that are being answered get their answer.
    private async Task StopServerAsync()
    {
        if (_isListening)
        {
            using var limit = new CancellationTokenSource(DrainLimit, _time);
            await _app.StopAsync(limit.Token);
        }
    }

    private async Task<CertificateBundle> ObtainCertificateAsync(CancellationToken ct)
        => _options.Outside || _options.OwnNamespace is not { } ns
            ? CertificateAuthority.Create(_options.Hosts, _time.GetUtcNow())
            : await new CertificateSecret(_cluster, ns, _options.SecretName, _time, _loggers.CreateLogger<CertificateSecret>()).ObtainAsync(_options.Hosts, ct);

    // Registered with an empty index, the first writes would go undetected until the sweep.
    private async Task WaitForIndexAsync(CancellationToken ct)
    {
        try
        {
            await _feeder.Synced.WaitAsync(_options.IndexPatience, _time, ct);
        }
        catch (TimeoutException)
        {
            _loggers.CreateLogger<WebhookServer>().IndexLate(_options.IndexPatience);
        }
    }

    private WebApplication Build()
    {
        // The empty builder reads no files and watches none.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = AdmissionEndpoints.MaxBody;
            kestrel.Listen(_options.Listen, _options.Port, endpoint => endpoint.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => _certificate;
            }));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(_loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        return builder.Build();
    }

    private Uri ListeningAddress()
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        var port = new Uri(addresses!.Addresses.First()).Port;
        return new UriBuilder(Uri.UriSchemeHttps, _options.Hosts[0], port).Uri;
    }
}
