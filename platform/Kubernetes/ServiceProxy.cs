using CanaryFunctions.Platform.Http;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Passes calls to Services through the API server, over the connections and with the credentials of the client.</summary>
internal sealed class ServiceProxy(ApiCaller caller, KubeConnection connection) : IServiceProxy
{
    public bool IsInside => connection.IsInCluster;

    public string Namespace => connection.Namespace;

    public async Task<HttpResponseMessage> SendAsync(ServiceAddress service, HttpRequestMessage request, CancellationToken ct)
    {
        // A URL has no dots left in its path, so that none leads out of the Service into other parts of the API.
        request.RequestUri = caller.UrlOf($"{service.ProxyPath}{request.RequestUri!.PathAndQuery}");
        request.Options.Set(KubeTransport.IsForService, true);
        try
        {
            return await caller.ForwardAsync(request, ct);
        }
        catch (KubeConfigException e)
        {
            throw new NoWayException($"no credentials for the API server's service proxy: {e.Message}", isTransient: true, e);
        }
    }
}
