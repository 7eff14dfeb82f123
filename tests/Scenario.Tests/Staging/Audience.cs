using System.Net;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Who sends requests, and where.</summary>
/// <param name="Base">What a request's path is added to: the gateway's address, or, from inside, any URL that the cluster knows.</param>
/// <param name="Proxy">Of the namespace in which they are; null for users outside, who ask for the application's host.</param>
internal sealed record Audience(Uri Base, Uri? Proxy = null)
{
    internal HttpClient Client() => new(new SocketsHttpHandler { UseProxy = Proxy is not null, Proxy = Proxy is null ? null : new WebProxy(Proxy) });

    internal HttpRequestMessage Request(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Base, path));
        if (Proxy is null)
        {
            request.Headers.Host = Stage.Host;
        }

        return request;
    }
}
