namespace CanaryFunctions.Platform.Http;

/// <summary>How one URL is reached.</summary>
/// <param name="Url">Where to send to.</param>
/// <param name="Host">The Host header, when it differs from the URL's.</param>
/// <param name="Proxy">The proxy to use.</param>
/// <param name="UseEnvironment">Without a proxy of its own: the environment's.</param>
internal sealed record CallRoute(Uri Url, string? Host, Uri? Proxy, bool UseEnvironment)
{
    /// <summary>
    /// The call's own proxy; for cluster-internal hosts the cluster's proxy, else the map, else straight (the cluster's DNS); for all others the
    /// environment's proxies. A further way to reach cluster-internal hosts, through the API server, would be decided here.
    /// </summary>
    public static CallRoute For(Uri url, Uri? ownProxy, HttpCallerOptions options)
    {
        if (ownProxy is not null)
        {
            return new CallRoute(url, null, ownProxy, false);
        }

        if (!ClusterNames.IsInternal(url))
        {
            return new CallRoute(url, null, null, true);
        }

        if (options.ClusterProxy is { } proxy)
        {
            return new CallRoute(url, null, proxy, false);
        }

        return options.HostMap.TryGetValue(url.Host, out var place)
            ? new CallRoute(new UriBuilder(url) { Scheme = place.Scheme, Host = place.Host, Port = place.Port }.Uri, url.Authority, null, false)
            : new CallRoute(url, null, null, false);
    }
}
