using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Network;

/// <summary>One proxy listener a namespace, started when first asked for, because a short name means another Service in each.</summary>
/// <param name="outside">As <see cref="ClusterProxyOptions.Outside"/>.</param>
public sealed class ClusterProxies(ClusterNetwork network, Func<string, LoopbackTarget?> outside, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Dictionary<string, ClusterProxy> _proxies = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);

    /// <summary>The address of the namespace's proxy, as <c>http_proxy</c> wants it.</summary>
    public async Task<Uri> ForNamespaceAsync(string ns, CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (!_proxies.TryGetValue(ns, out var proxy))
            {
                var options = new ClusterProxyOptions { DefaultNamespace = ns, Outside = outside, TimeProvider = time };
                proxy = await ClusterProxy.StartAsync(network, options, loggers, ct);
                _proxies.Add(ns, proxy);
            }

            return proxy.Address;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _starting.WaitAsync();
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }

        _starting.Dispose();
    }
}
