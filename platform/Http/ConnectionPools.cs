using System.Collections.Concurrent;
using System.Net;

namespace CanaryFunctions.Platform.Http;

/// <summary>One set of connections for each way of connecting; a handler a call would use up ports.</summary>
public sealed class ConnectionPools : IDisposable
{
    private readonly ConcurrentDictionary<(bool Insecure, Uri? Proxy, bool UseEnvironment), Lazy<HttpClient>> _clients = new();

    internal HttpClient For(bool insecure, CallRoute route)
        => _clients.GetOrAdd((insecure, route.Proxy, route.UseEnvironment), key => new Lazy<HttpClient>(() => Create(key.Insecure, key.Proxy, key.UseEnvironment))).Value;

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Value.Dispose();
        }
    }

    private static HttpClient Create(bool insecure, Uri? proxy, bool useEnvironment)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseProxy = proxy is not null || useEnvironment,
            Proxy = proxy is not null ? new WebProxy(proxy) { Credentials = Credentials(proxy) } : useEnvironment ? new EnvironmentProxy() : null,

            // Names move while a process lives: a Service is replaced, a load balancer changes its addresses.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        if (insecure)
        {
            // Asked for by the Canary or MetricTemplate, for this call only (disableTLS, insecureSkipVerify).
#pragma warning disable CA5359
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static NetworkCredential? Credentials(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
        {
            return null;
        }

        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
