using System.Net;

namespace CanaryFunctions.LoadTester.Http;

/// <summary>Sends everything but loopback through one proxy. Unlike <see cref="WebProxy"/> it can leave out loopback and keep names without a dot.</summary>
internal sealed class ClusterProxy(Uri proxy) : IWebProxy
{
    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => proxy;

    public bool IsBypassed(Uri host) => host.IsLoopback;
}
