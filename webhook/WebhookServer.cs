using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook.Admission;
using CanaryFunctions.Webhook.Certificates;
using CanaryFunctions.Webhook.Conversion;
using CanaryFunctions.Webhook.Health;
using CanaryFunctions.Webhook.Hints;
using CanaryFunctions.Webhook.Index;
using CanaryFunctions.Webhook.Metrics;
using CanaryFunctions.Webhook.Registration;
using CanaryFunctions.Webhook.Scaling;

namespace CanaryFunctions.Webhook;

/// <summary>
/// The admission webhook: HTTPS server, index of the cluster, hints to the queue, certificate and registration, health and metrics. Started and ended as a whole;
/// the command line runs it inside its own process, <c>Program</c> as one of its own.
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
    private readonly HintPump _pump;
    private readonly ServingCertificate _certificate = new();
    private readonly ITrustSource _source;
    private readonly KeeperState _state = new();
    private readonly RegistrationKeeper _keeper;
    private readonly WebhookMetrics _metrics;
    private readonly Readiness _readiness;
    private readonly HttpsServer _server;
    private readonly HealthServer _health;
    private readonly ScalerServer? _scaler;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopKeeping = new();
    private readonly List<Task> _running = [];
    private Registrar? _registrar;
    private Task _keeping = Task.CompletedTask;
    private bool _isServing;
    private bool _isDisposed;

    private WebhookServer(WebhookOptions options, IServiceProvider services)
    {
        _options = options;
        _cluster = services.GetRequiredService<IClusterClient>();
        _time = services.GetRequiredService<TimeProvider>();
        _loggers = services.GetRequiredService<ILoggerFactory>();
        var (index, board) = (services.GetRequiredService<TargetIndex>(), new CanaryBoard());
        var (install, queue) = (services.GetRequiredService<CanaryOptions>(), services.GetRequiredService<IStepQueue>());
        _scaler = ScalerServer.For(options.Scaler, services, () => _certificate.Current, () => _readiness!.ApiServerProblem());
        _feeder = new(_cluster, index, install, _time, _loggers.CreateLogger<TargetIndexFeeder>()) { Told = (kind, change) => Tell(board, kind, change) };
        _metrics = new(_state, _time);
        var counts = new HintMetrics(_metrics.Meter);
        _hints = new(options.HintCapacity);
        _pump = new(_hints, _scaler?.Hinting(queue) ?? queue, counts, options.Settle, _time, _loggers.CreateLogger<HintPump>());
        _source = TrustSources.For(options, _cluster, _time, _loggers);
        _keeper = new(_source, _certificate, options, _state, _time, _loggers.CreateLogger<RegistrationKeeper>());
        _readiness = new(index, _state, counts, queue is not NoQueue, options, _time);
        _health = new(options, _readiness, board, install, _metrics);
        _server = new(options, _certificate, _loggers);
        _server.Use(_metrics.MeasureAsync);
        new AdmissionEndpoints(services.GetRequiredService<AdmissionPolicy>(), _pump, options.OwnNamespace, _loggers.CreateLogger<AdmissionEndpoints>()).Map(_server.Routes);
        new ConversionEndpoint(_loggers.CreateLogger<ConversionEndpoint>()).Map(_server.Routes);
    }

    /// <summary>The configurations by which API servers find the webhook, whichever process serves it.</summary>
    public static IReadOnlyList<ObjectRef> Configurations => WebhookRegistration.Objects;

    /// <summary>Where it listens, under the first of <see cref="WebhookOptions.Hosts"/>.</summary>
    public Uri Address { get; private set; } = new("https://127.0.0.1");

    /// <summary>Where <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> are, by plain HTTP.</summary>
    public Uri HealthAddress => _health.Address;

    /// <summary>Where KEDA's external scaler listens; null where it is not served.</summary>
    public Uri? ScalerAddress => _scaler?.Address;

    /// <summary>The CA certificates by which the server's certificate is trusted now, in PEM; empty where somebody else looks after them.</summary>
    public string CaCertificate => _state.Facts.Bundle ?? "";

    /// <summary>Starts everything and returns when reviews are answered and, if asked for, the webhooks are registered.</summary>
    /// <param name="services">With what <see cref="WebhookServices.AddCanaryWebhook"/> says.</param>
    /// <exception cref="ClusterException">The API server refuses the certificate's Secret or the registration.</exception>
    /// <exception cref="CertificateException">There is no certificate that could be served.</exception>
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

    /// <summary>
    /// Ends in order, each part within a limit: not ready any more, while reviews that still come are answered; the registration goes, outside the cluster; reviews
    /// under way get their answer; hints are sent; health and metrics last.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _readiness.Drain();
        if (_isServing)
        {
            _loggers.CreateLogger<WebhookServer>().Draining(_options.DrainDelay);
            await Task.Delay(_options.DrainDelay, _time);
        }

        await EndRegistrationAsync();

        // The server before the pump, so that the hints of its last answers still find it.
        using (var limit = new CancellationTokenSource(DrainLimit, _time))
        {
            await _server.StopAsync(limit.Token);
        }

        await _server.DisposeAsync();
        await (_scaler?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _health.DisposeAsync();
        _hints.Dispose();
        _metrics.Dispose();
        _stop.Dispose();
        _stopKeeping.Dispose();
        _certificate.Dispose();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        await _health.StartAsync(ct);
        await _keeper.PrepareAsync(ct);
        await (_scaler?.StartAsync(ct) ?? Task.CompletedTask);
        _running.Add(_feeder.RunAsync(_stop.Token));
        _running.Add(_pump.RunAsync(_stop.Token));
        Address = new UriBuilder(Uri.UriSchemeHttps, _options.Hosts[0], await _server.StartAsync(ct)).Uri;
        _loggers.CreateLogger<WebhookServer>().Listening(Address, HealthAddress);
        await WaitForIndexAsync(ct);
        _registrar = _options.Register ? new(_cluster, _options, Address, _loggers) : null;
        await _keeper.StartAsync(_registrar, ct);
        _isServing = true;
        _keeping = _keeper.RunAsync(Watches(), _stopKeeping.Token);
        if (_source is FolderTrust folder)
        {
            _running.Add(folder.PollAsync(_options.Certificates.FolderInterval, _time, _keeper.Wake, _stop.Token));
        }
    }

    private void Tell(CanaryBoard board, ResourceKind kind, WatchEvent change)
    {
        if (kind == Kinds.Canary)
        {
            board.Apply(change);
        }

        _scaler?.Apply(kind, change);
    }

    private ChangeWatches Watches()
    {
        IReadOnlyList<ObjectRef> registered = _registrar is null ? [] : Registrar.Objects;
        return new(_cluster, [.. registered, .. TrustSources.Objects(_options)], _keeper.Wake, _options.Resync, _time, _loggers.CreateLogger<ChangeWatches>());
    }

    // Inside the cluster replicas go on answering under the same registration.
    private async Task EndRegistrationAsync()
    {
        await _stopKeeping.CancelAsync();
        await _keeping;
        using var limit = new CancellationTokenSource(RemovalLimit, _time);
        await _keeper.EndAsync(_options.Outside ? _registrar : null, limit.Token);
    }

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
}
