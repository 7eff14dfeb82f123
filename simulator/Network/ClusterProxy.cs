using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Network;

/// <summary>
/// An HTTP forward proxy on loopback (absolute form and CONNECT) that knows the cluster's names, for clients outside of it: hooks, shell tasks, the load
/// generator. The Host header passes as it was sent. Targets on loopback pass; a name that is neither a Service nor served by the gateway is refused.
/// </summary>
public sealed class ClusterProxy : IAsyncDisposable
{
    private readonly ClusterNetwork _network;
    private readonly ClusterProxyOptions _options;
    private readonly EndpointCaller _caller;
    private LoopbackServer? _server;

    private ClusterProxy(ClusterNetwork network, ClusterProxyOptions options)
        => (_network, _options, _caller) = (network, options, new EndpointCaller(network, options.TimeProvider));

    /// <summary>Where it listens, as <c>http_proxy</c> wants it.</summary>
    public Uri Address => _server?.Address ?? throw new InvalidOperationException("The proxy has not started.");

    public static async Task<ClusterProxy> StartAsync(ClusterNetwork network, ClusterProxyOptions options, ILoggerFactory loggers, CancellationToken ct)
    {
        var proxy = new ClusterProxy(network, options);
        proxy._server = await LoopbackServer.StartAsync(proxy.HandleAsync, options.Port, loggers, ct, next => connection => proxy.ReadAsync(connection, next));
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _caller.Dispose();
    }

    private async Task ReadAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var client = connection.Transport;
        var requests = new Pipe();
        var rewriting = new ProxyConnection(client.Input, requests.Writer);
        var first = await rewriting.ReadHeadAsync();
        if (first is { Method: "CONNECT" })
        {
            await TunnelAsync(client, first.Authority, connection.ConnectionClosed);
            return;
        }

        var pump = PumpAsync(rewriting, first, requests.Writer);
        connection.Transport = new Rewritten(requests.Reader, client.Output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = client;
            await requests.Reader.CompleteAsync();
            client.Input.CancelPendingRead();
            await pump;
        }
    }

    private static async Task PumpAsync(ProxyConnection rewriting, ProxyHead? first, PipeWriter requests)
    {
        try
        {
            await rewriting.PumpAsync(first);
            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client broke off; the HTTP server learns it from its own end.
            await requests.CompleteAsync(e);
        }
    }

    private async Task TunnelAsync(IDuplexPipe client, string authority, CancellationToken ct)
    {
        if (ProxyHead.SplitAuthority(authority) is not var (host, port))
        {
            await ConnectTunnel.RefuseAsync(client.Output, 502, $"'{authority}' is not a host and port.", ct);
            return;
        }

        // What is inside a tunnel nobody can read, so no mesh can route it.
        var resolution = Resolve(host, port, request: null);
        if (resolution.Target is { } target)
        {
            await ConnectTunnel.RunAsync(client, target, ct);
            return;
        }

        await ConnectTunnel.RefuseAsync(client.Output, resolution.StatusCode, resolution.Explain(host, port), ct);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var authority = context.Request.Headers[ProxyHead.AuthorityHeader].ToString();
        if (ProxyHead.SplitAuthority(authority) is not var (host, port))
        {
            await RefuseAsync(context, 400, "this is the embedded cluster's forward proxy; use it as http_proxy, or ask the gateway instead.");
            return;
        }

        var request = RoutedRequest.Of(context.Request);
        var call = await _caller.CallAsync(context, () => Resolve(host, port, request));
        if (call.Outcome is { } outcome)
        {
            await FinishAsync(context, outcome, authority);
        }
        else
        {
            await RefuseAsync(context, call.Resolution.StatusCode, call.Resolution.Explain(host, port));
        }
    }

    private Resolution Resolve(string host, int port, RoutedRequest? request)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip)))
        {
            return new(ResolutionFailure.None, new LoopbackTarget(port));
        }

        var resolution = _network.Resolve(host, port, _options.DefaultNamespace, request);
        return resolution.Failure == ResolutionFailure.UnknownHost && _options.Outside(host) is { } gateway ? new(ResolutionFailure.None, gateway) : resolution;
    }

    private static async Task FinishAsync(HttpContext context, ForwardOutcome outcome, string authority)
    {
        if (outcome is ForwardOutcome.Answered or ForwardOutcome.ClientLeft)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await RefuseAsync(context, 502, $"'{authority}' {(outcome == ForwardOutcome.Refused ? "does not answer." : "broke off its answer.")}");
    }

    private static async Task RefuseAsync(HttpContext context, int status, string problem)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(problem + "\n", context.RequestAborted);
    }

    private sealed record Rewritten(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
