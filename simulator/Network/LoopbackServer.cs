using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CanaryFunctions.Simulator.Network;

/// <summary>An HTTP/1.1 server on 127.0.0.1 without host, container or middleware, so that a pod costs milliseconds.</summary>
internal sealed class LoopbackServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    private readonly KestrelServer _server;
    private readonly RequestDelegate _handler;

    private LoopbackServer(KestrelServer server, RequestDelegate handler) => (_server, _handler) = (server, handler);

    public LoopbackTarget Target { get; private set; } = new(0);

    public Uri Address => new(Target.Prefix);

    /// <param name="port">0 for a free one.</param>
    /// <param name="connection">Wraps every connection below HTTP; null for none.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<LoopbackServer> StartAsync(
        RequestDelegate handler, int port, ILoggerFactory loggers, CancellationToken ct, Func<ConnectionDelegate, ConnectionDelegate>? connection = null)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MinRequestBodyDataRate = null;                // a debugger or a slow test is no attack
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (connection is not null)
            {
                listen.Use(connection);
            }
        });
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 1 }), loggers);
        var server = new LoopbackServer(new KestrelServer(Options.Create(options), transport, loggers), handler);
        await server._server.StartAsync(server, ct);
        var address = server._server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        server.Target = new LoopbackTarget(new Uri(address).Port);
        return server;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => _handler(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <summary>Takes no more connections, lets requests finish for a short time, then ends them.</summary>
    public async ValueTask DisposeAsync()
    {
        using var drained = new CancellationTokenSource(DrainTimeout);
        await _server.StopAsync(drained.Token);
        _server.Dispose();
    }
}
