using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Webhook.Scaling.Grpc;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>Serves the external scaler on a port of its own, for HTTP/2 in the clear needs one: HTTP/1.1 probes have no place on it.</summary>
internal sealed class ScalerServer : IAsyncDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ILogger<ScalerServer> _logger;
    private readonly TimeProvider _time;
    private readonly WorkIndex _index;
    private readonly RecentHints _hints;
    private readonly CancellationTokenSource _stopping = new();
    private bool _isListening;
    private bool _isDisposed;

    /// <param name="cluster">Name of the cluster that is watched; empty when it has none.</param>
    public ScalerServer(ScalerOptions options, ScalerSources sources, string cluster, TimeProvider time, ILoggerFactory loggers)
    {
        (_time, _logger) = (time, loggers.CreateLogger<ScalerServer>());
        var changed = new ChangeSignal();
        (_index, _hints) = (new(changed), new(options.HintHold, changed, time));
        var queues = sources.Queues is { } gauge ? new SharedGauge(gauge, options.GaugeLife, options.GaugeLimit, time) : null;
        var activity = new Activity(_index, _hints, queues, sources.IndexProblem, options, changed, time, loggers.CreateLogger<Activity>());
        var scaler = new ExternalScaler(activity, cluster, loggers.CreateLogger<ExternalScaler>(), _stopping.Token);
        var endpoint = new GrpcEndpoint(scaler.Methods, time, loggers.CreateLogger<GrpcEndpoint>());
        _app = Build(options, sources.Certificate, loggers);
        _app.Run(endpoint.HandleAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>
    /// Made of what a host has registered: a queue gauge, or queues in this process; without them KEDA has to count the queues itself. Null where it is not to be
    /// served.
    /// </summary>
    /// <param name="certificate">What new connections are served with.</param>
    /// <param name="indexProblem">Why what the watches told may be behind by more than a moment; null while it is not.</param>
    public static ScalerServer? For(ScalerOptions? options, IServiceProvider services, Func<X509Certificate2?> certificate, Func<string?> indexProblem)
    {
        if (options is null)
        {
            return null;
        }

        var gauge = services.GetService<IQueueGauge>() ?? (services.GetService<InProcessQueue>() is { } own ? new InProcessGauge(own) : null);
        return new(
            options,
            new() { Queues = gauge, Certificate = certificate, IndexProblem = indexProblem },
            services.GetRequiredService<CanaryOptions>().ClusterName,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>Takes in what the watches of Canaries and Deployments tell; other kinds do no harm.</summary>
    public void Apply(ResourceKind kind, WatchEvent change) => _index.Apply(kind, change);

    /// <summary>The queue by which hints are to be sent: KEDA is told of each one.</summary>
    public IStepQueue Hinting(IStepQueue queue) => new HintingQueue(queue, _hints, _time);

    /// <exception cref="IOException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await _app.StartAsync(ct);
        _isListening = true;
        var bound = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Address = new UriBuilder(bound.Scheme, "127.0.0.1", bound.Port).Uri;
        _logger.ScalerListening(Address);
    }

    /// <summary>Ends streams, answers the calls under way, within a limit.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        if (_isListening)
        {
            _isListening = false;
            using var limit = new CancellationTokenSource(DrainLimit, _time);
            await _app.StopAsync(limit.Token);
        }

        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(ScalerOptions options, Func<X509Certificate2?> certificate, ILoggerFactory loggers)
    {
        // The empty builder reads no files and watches none.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Each message is bounded by itself, and a call is refused by its status and not by HTTP's.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = 2 * GrpcFrame.MaxMessage;
            kestrel.Limits.Http2.MaxStreamsPerConnection = options.MaxStreams;
            kestrel.Limits.Http2.KeepAlivePingDelay = options.PingDelay;
            kestrel.Limits.Http2.KeepAlivePingTimeout = options.PingTimeout;
            kestrel.Listen(options.Listen, options.Port, endpoint => Configure(endpoint, options, certificate));
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        return builder.Build();
    }

    private static void Configure(ListenOptions endpoint, ScalerOptions options, Func<X509Certificate2?> certificate)
    {
        endpoint.Protocols = HttpProtocols.Http2;
        if (options.UseTls)
        {
            endpoint.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => certificate();
            });
        }
    }
}
