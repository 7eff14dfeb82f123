namespace CanaryFunctions.Platform.Http;

/// <summary>How one URL is reached.</summary>
/// <param name="Url">Where to send to.</param>
/// <param name="Host">The Host header, when it differs from the URL's.</param>
/// <param name="Proxy">The proxy to use.</param>
/// <param name="UseEnvironment">Without a proxy of its own: the environment's.</param>
internal sealed record CallRoute(Uri Url, string? Host, Uri? Proxy, bool UseEnvironment)
{
    /// <summary>The Service that the API server passes the call on to; null where that is not the way.</summary>
    public ServiceAddress? Service { get; private init; }

    /// <summary>What stands between us and the cluster's Service, for messages: when it cannot be connected to, that says nothing about the Service. Null when nothing does.</summary>
    public string? Detour { get; private init; }

    /// <summary>
    /// The call's own proxy. For cluster-internal hosts the map, else the cluster's proxy, else the API server's service proxy or straight; for all others the
    /// environment's proxies.
    /// </summary>
    /// <param name="hasCredentials">The call proves itself to whom it calls, or claims to be somebody: nothing to be shown to an API server.</param>
    /// <param name="cluster">The API server's way; null where there is none.</param>
    /// <exception cref="NoWayException">None of them will do.</exception>
    public static CallRoute For(Uri url, Uri? ownProxy, bool hasCredentials, HttpCallerOptions options, IServiceProxy? cluster)
    {
        if (ownProxy is not null)
        {
            return new CallRoute(url, null, ownProxy, false);
        }

        if (!ClusterNames.IsInternal(url))
        {
            return new CallRoute(url, null, null, true);
        }

        var service = ServiceAddress.Of(url, cluster?.Namespace ?? "");
        if (options.HostMap.TryGetValue(url.Host, out var place) || (service is not null && options.HostMap.TryGetValue($"{service.Name}.{service.Namespace}", out place)))
        {
            return Mapped(url, place);
        }

        if (options.ClusterProxy is { } proxy)
        {
            return new CallRoute(url, null, proxy, false) { Detour = $"the cluster's proxy {Shown(proxy)}" };
        }

        return IsStraight(options.Access, cluster) ? new CallRoute(url, null, null, false) : ThroughApiServer(url, service, hasCredentials);
    }

    private static bool IsStraight(ServiceAccess access, IServiceProxy? cluster)
        => access == ServiceAccess.Direct || (access == ServiceAccess.Auto && cluster is null or { IsInside: true });

    private static CallRoute Mapped(Uri url, Uri place)
    {
        var target = new UriBuilder(url) { Scheme = place.Scheme, Host = place.Host, Port = place.Port, Path = $"{place.AbsolutePath.TrimEnd('/')}{url.AbsolutePath}" }.Uri;

        // The TLS name is taken from the Host header, and a certificate there is the place's own.
        return new CallRoute(target, place.Scheme == "https" ? null : url.Authority, null, false) { Detour = $"SERVICE_MAP at {Shown(place)}" };
    }

    private static CallRoute ThroughApiServer(Uri url, ServiceAddress? service, bool hasCredentials)
    {
        const string Otherwise = "set SERVICE_MAP or CLUSTER_PROXY";
        if (service is null)
        {
            throw new NoWayException($"{url.Host} is no Service (name.namespace), and the API server's service proxy knows nothing else; {Otherwise}", isTransient: false);
        }

        return hasCredentials
            ? throw new NoWayException($"the call has credentials of its own, which cannot go through the API server's service proxy; {Otherwise}", isTransient: false)
            : new CallRoute(url, null, null, false) { Service = service, Detour = "the API server's service proxy" };
    }

    private static string Shown(Uri place) => place.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
