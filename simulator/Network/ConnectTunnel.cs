using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace CanaryFunctions.Simulator.Network;

/// <summary>The two directions of a CONNECT tunnel.</summary>
internal static class ConnectTunnel
{
    public static async Task RunAsync(IDuplexPipe client, LoopbackTarget target, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.EndPoint, ct);
        }
        catch (SocketException)
        {
            await RefuseAsync(client.Output, 502, "the endpoint does not answer.", ct);
            return;
        }

        await client.Output.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), ct);
        await using var server = new NetworkStream(socket);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var up = client.Input.CopyToAsync(server, ended.Token);
        var down = server.CopyToAsync(client.Output, ended.Token);
        try
        {
            await Task.WhenAny(up, down);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public static async Task RefuseAsync(PipeWriter client, int status, string problem, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(problem + "\n");
        var head = $"HTTP/1.1 {status} {(status == 503 ? "Service Unavailable" : "Bad Gateway")}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await client.WriteAsync(Encoding.ASCII.GetBytes(head), ct);
        await client.WriteAsync(body, ct);
    }
}
