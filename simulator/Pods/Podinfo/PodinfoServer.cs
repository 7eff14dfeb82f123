using System.Text.Json;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Pods.Podinfo;

/// <summary>One podinfo container: its HTTP server and, with <c>--port-metrics</c>, its metrics server.</summary>
internal sealed class PodinfoServer : IPodProcess
{
    private readonly PodContext _pod;
    private readonly PodinfoMetrics _metrics = new();
    private readonly PodinfoRoutes _routes;
    private readonly List<LoopbackServer> _servers = [];
    private Dictionary<int, LoopbackTarget> _ports = [];
    private volatile bool _isReady = true;

    private PodinfoServer(PodContext pod)
    {
        _pod = pod;
        _routes = new PodinfoRoutes(pod, _metrics, () => _isReady, SetReady);
    }

    public event Action? ReadinessChanged;

    public IReadOnlyDictionary<int, LoopbackTarget> Ports => _ports;

    public LoopbackTarget? AnyPort { get; private set; }

    public bool IsReady => _isReady;

    /// <param name="grpcPort">Declared by guides, but not served: nothing listens there.</param>
    public static async Task<PodinfoServer> StartAsync(PodContext pod, int port, int? metricsPort, int? grpcPort, CancellationToken ct)
    {
        var server = new PodinfoServer(pod);
        var main = await LoopbackServer.StartAsync(server.HandleAsync, 0, pod.Loggers, ct);
        server._servers.Add(main);
        (server._ports, server.AnyPort) = ContainerSpec.AllPortsAt(pod.Container, main.Target);
        server._ports[port] = main.Target;
        if (metricsPort is { } second)
        {
            var metrics = await LoopbackServer.StartAsync(server.HandleMetricsAsync, 0, pod.Loggers, ct);
            server._servers.Add(metrics);
            server._ports[second] = metrics.Target;
        }

        if (grpcPort is { } grpc)
        {
            server._ports.Remove(grpc);
        }

        pod.Log($$"""{"level":"info","ts":"{{KubeObject.MicroTimestamp(pod.Time.GetUtcNow())}}","msg":"Starting podinfo","version":"{{pod.Image.Tag}}","port":"{{port}}"}""");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var started = _pod.Time.GetTimestamp();
        var method = context.Request.Method;
        var route = _routes.Find(context.Request.Path.Value ?? "/");
        if (route is null)
        {
            await PodinfoReply.TextAsync(context, 404, "text/plain; charset=utf-8", "404 page not found\n");
        }
        else if (route.Methods.Length > 0 && !route.Methods.Contains(method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
        else
        {
            await route.Handle(context);
            var leftOut = context.Items.TryGetValue(PodinfoRoutes.LeftOut, out var seconds) ? (double)seconds! : 0;
            _metrics.Record(method, route.Label, context.Response.StatusCode, _pod.Time.GetElapsedTime(started).TotalSeconds + leftOut);
        }

        Log(context);
    }

    // As in podinfo's debug level; what a client sends is escaped, so that it cannot forge a line.
    private void Log(HttpContext context)
    {
        var uri = JsonEncodedText.Encode(context.Request.Path + context.Request.QueryString);
        var agent = JsonEncodedText.Encode(context.Request.Headers.UserAgent.ToString());
        _pod.Log(
            $$"""{"level":"debug","ts":"{{KubeObject.MicroTimestamp(_pod.Time.GetUtcNow())}}","msg":"request started","proto":"HTTP/1.1","uri":"{{uri}}","method":"{{context.Request.Method}}","status":{{context.Response.StatusCode}},"user-agent":"{{agent}}"}""");
    }

    private Task HandleMetricsAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/metrics" => PodinfoReply.TextAsync(context, 200, "text/plain; version=0.0.4; charset=utf-8", _metrics.Text()),
        "/healthz" => PodinfoReply.TextAsync(context, 200, "text/plain; charset=utf-8", "OK"),
        _ => PodinfoReply.TextAsync(context, 404, "text/plain; charset=utf-8", "404 page not found\n"),
    };

    private void SetReady(bool ready)
    {
        if (_isReady != ready)
        {
            _isReady = ready;
            ReadinessChanged?.Invoke();
        }
    }
}
