using System.Net;
using System.Net.Sockets;

namespace CanaryFunctions.TestKit.Queues;

/// <summary>Stands between a client and a server on this machine, so that a test can cut the line: connections break, and new ones are refused.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly int _server;
    private readonly List<TcpClient> _open = [];
    private readonly Lock _gate = new();
    private TcpListener _listener;
    private Task _accepting;

    public TcpRelay(int server)
    {
        _server = server;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _accepting = Listen();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public void Cut()
    {
        lock (_gate)
        {
            _listener.Dispose();
            _open.ForEach(c => c.Dispose());
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _accepting = Listen();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _accepting;
    }

    private Task Listen()
    {
        _listener.Start();
        return AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _server);
                lock (_gate)
                {
                    _open.AddRange([client, server]);
                }

                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The line is cut.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The line is cut.
        }
    }
}
