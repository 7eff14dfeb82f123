using System.Net;

namespace CanaryFunctions.Platform.Http;

/// <summary>The proxies of the environment (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>NO_PROXY</c>), never for loopback: nobody's proxy can reach that.</summary>
public sealed class EnvironmentProxy : IWebProxy
{
    private readonly IWebProxy _environment = HttpClient.DefaultProxy;

    public ICredentials? Credentials
    {
        get => _environment.Credentials;
        set => _environment.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : _environment.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || _environment.IsBypassed(host);
}
