using System.Net;
using CanaryFunctions.LoadTester.Http;

namespace CanaryFunctions.LoadTester.Hey;

/// <summary>The connections of one load, shared by its workers.</summary>
internal static class HeyTransport
{
    private const int MostIdleConnections = 500;

    /// <summary>hey ignores proxies of the environment, so only <c>-x</c> and the cluster's proxy count, in this order.</summary>
    public static HttpMessageInvoker Create(HeyFlags flags, Uri? clusterProxy)
    {
        IWebProxy? proxy = flags.Proxy is { } given ? new WebProxy(given) : clusterProxy is null ? null : new ClusterProxy(clusterProxy);
        return new(
            new SocketsHttpHandler
            {
                UseProxy = proxy is not null,
                Proxy = proxy,
                UseCookies = false,
                AllowAutoRedirect = flags.FollowRedirects,
                MaxAutomaticRedirections = 10,
                MaxConnectionsPerServer = Math.Max(flags.Workers, MostIdleConnections),
                ActivityHeadersPropagator = null,
                // hey never verifies certificates; loads of services with self-made ones rely on that.
                SslOptions = UnverifiedTls.Options,
            },
            disposeHandler: true);
    }
}
