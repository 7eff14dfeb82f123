namespace CanaryFunctions.Platform.Http;

/// <summary>The way to a cluster's Services that leads through its API server.</summary>
public interface IServiceProxy
{
    /// <summary>This process is in the cluster and needs no such way.</summary>
    bool IsInside { get; }

    /// <summary>What names without a namespace are relative to.</summary>
    string Namespace { get; }

    /// <summary>
    /// Sends the request to the API server, with the cluster's credentials in the place of any others. The answer may be the service's or the API server's own.
    /// </summary>
    /// <param name="request">Its URL is the service's as it is known in the cluster.</param>
    /// <exception cref="HttpRequestException">The API server gave no answer.</exception>
    /// <exception cref="NoWayException">There are no credentials for it.</exception>
    Task<HttpResponseMessage> SendAsync(ServiceAddress service, HttpRequestMessage request, CancellationToken ct);
}
