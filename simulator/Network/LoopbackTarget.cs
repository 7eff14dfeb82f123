using System.Globalization;
using System.Net;

namespace CanaryFunctions.Simulator.Network;

/// <summary>A server on this machine's loopback address that stands for an address in the cluster.</summary>
public sealed record LoopbackTarget(int Port)
{
    /// <summary><c>http://127.0.0.1:PORT</c>, without a slash at the end.</summary>
    public string Prefix { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, Port);
}
