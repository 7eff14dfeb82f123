using System.Collections.Concurrent;
using System.Text;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>
/// The cluster's way in: real HTTP, routed by the data planes, to real servers. Serves the planes' metrics on a second port.
/// No route: 404. A route whose backend has no ready endpoint: 503.
/// </summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly ClusterNetwork _network;
    private readonly IDataPlane[] _planes;
    private readonly TimeProvider _time;
    private readonly EndpointCaller _caller;
    private readonly ConcurrentDictionary<ObjectKey, Count> _counts = new();
    private readonly MetricPages _metrics;
    private LoopbackServer? _server;
    private LoopbackServer? _metricsServer;

    private GatewayServer(ClusterNetwork network, IEnumerable<IDataPlane> planes, MetricPages metrics, TimeProvider time)
    {
        (_network, _metrics, _time, _caller) = (network, metrics, time, new EndpointCaller(network, time));
        _planes = [.. planes.OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    public Uri Address => Target is { } target ? new(target.Prefix) : throw new InvalidOperationException("The gateway has not started.");

    /// <summary>Where <c>/metrics/JOB</c> is served, for each job of the <see cref="MetricPages"/>.</summary>
    public Uri MetricsAddress => MetricsTarget is { } target ? new(target.Prefix) : throw new InvalidOperationException("The gateway has not started.");

    /// <summary>Requests sent to each Service so far, answered or not.</summary>
    public IReadOnlyDictionary<(string Namespace, string Service), long> Requests
        => _counts.ToDictionary(c => (c.Key.Namespace, c.Key.Name), c => c.Value.Read());

    internal LoopbackTarget? Target => _server?.Target;

    internal LoopbackTarget? MetricsTarget => _metricsServer?.Target;

    /// <param name="metrics">Shared with the planes, which keep their series in it.</param>
    public static async Task<GatewayServer> StartAsync(
        ClusterNetwork network, IEnumerable<IDataPlane> planes, MetricPages metrics, GatewayOptions options, ILoggerFactory loggers, CancellationToken ct)
    {
        var gateway = new GatewayServer(network, planes, metrics, options.TimeProvider);
        gateway._server = await LoopbackServer.StartAsync(gateway.HandleAsync, options.Port, loggers, ct);
        gateway._metricsServer = await LoopbackServer.StartAsync(gateway.WriteMetricsAsync, 0, loggers, ct);
        return gateway;
    }

    /// <summary>Whether some plane routes this host; DNS outside of a real cluster would lead it here.</summary>
    public bool KnowsHost(string host) => Array.Exists(_planes, p => p.KnowsHost(host));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (LoopbackServer?[])[_server, _metricsServer])
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        _caller.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var started = _time.GetTimestamp();
        var request = RoutedRequest.Of(context.Request);
        if (Match(request) is not { } match)
        {
            await AnswerAsync(context, 404, $"no route for {request.Host}{request.Path}");
            return;
        }

        _counts.GetOrAdd(match.Backend.Service, _ => new Count()).Add();
        var leftOut = await ForwardAsync(context, match.Backend);
        var duration = _time.GetElapsedTime(started).TotalSeconds + leftOut;
        match.Meter?.Record(new Served(request.Method, request.Host, context.Response.StatusCode, duration, duration));
    }

    private RouteMatch? Match(RoutedRequest request)
    {
        foreach (var plane in _planes)
        {
            if (plane.Match(request) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    /// <summary>Returns the seconds that the backend left out of a delay.</summary>
    private async Task<double> ForwardAsync(HttpContext context, BackendRef backend)
    {
        var call = await _caller.CallAsync(context, () => _network.Resolve(backend.Service, backend.Port));
        switch (call.Outcome)
        {
            case null:
                await AnswerAsync(context, 503, $"Service {backend.Service} has no ready endpoint for port {backend.Port}");
                break;
            case ForwardOutcome.Refused:
                await AnswerAsync(context, 502, $"the endpoint of Service {backend.Service} does not answer");
                break;
            case ForwardOutcome.Broken:
                await AnswerAsync(context, 502, $"the endpoint of Service {backend.Service} broke off its answer");
                break;
            case ForwardOutcome.ClientLeft when !context.Response.HasStarted:
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                break;
        }

        return call.LeftOut;
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private async Task WriteMetricsAsync(HttpContext context)
    {
        const string Prefix = "/metrics/";
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || _metrics.Find(path[Prefix.Length..]) is not { } page)
        {
            await AnswerAsync(context, 404, $"only these are served here: {string.Join(", ", _metrics.Jobs.Select(j => Prefix + j))}");
            return;
        }

        await using var text = new StringWriter();
        page.Write(text);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(text.ToString(), Encoding.UTF8, context.RequestAborted);
    }

    private sealed class Count
    {
        private long _value;

        public void Add() => Interlocked.Increment(ref _value);

        public long Read() => Interlocked.Read(ref _value);
    }
}
