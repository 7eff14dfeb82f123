using System.Net;
using System.Net.Sockets;

namespace CanaryFunctions.TestKit.Programs;

/// <summary>Ports for programs that cannot be told to take a free one by themselves.</summary>
public static class FreePort
{
    /// <summary>Ports on 127.0.0.1 that nobody listened on a moment ago, all different.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(l => l.Start());
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }
}
