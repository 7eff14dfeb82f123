using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CanaryFunctions.Platform.Http;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Adds credentials to each request, once more with newer ones after a 401, and holds the connections.</summary>
internal sealed class KubeTransport(KubeConnection connection) : HttpMessageHandler
{
    private const int MostRefusal = 64 * 1024;

    /// <summary>Set on requests that the API server passes on: a 401 may then be the Service's.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsForService = new("service");

    private readonly Lock _gate = new();
    private HttpMessageInvoker? _invoker;
    private X509Certificate2? _certificate;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var used = await CredentialAsync(cancellationToken);
        var response = await SendAsync(request, used, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || connection.Credentials is null || await IsOfServiceAsync(request, response, cancellationToken))
        {
            return response;
        }

        connection.Credentials.Reject(used);
        connection.Roots?.Expire();
        var fresh = await CredentialAsync(cancellationToken);
        if (fresh == used)
        {
            return response;
        }

        response.Dispose();
        return await SendAsync(request, fresh, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _invoker?.Dispose();
            (connection.Credentials as IDisposable)?.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueTask<KubeCredential> CredentialAsync(CancellationToken ct)
        => connection.Credentials?.GetAsync(ct) ?? ValueTask.FromResult(KubeCredential.None);

    private static async Task<bool> IsOfServiceAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken ct)
    {
        if (!request.Options.TryGetValue(IsForService, out var isForService) || !isForService)
        {
            return false;
        }

        // The API server's refusal is short JSON; whatever else comes is not looked at, however long it is.
        if (response.Content.Headers.ContentType?.MediaType != ApiPaths.Json || response.Content.Headers.ContentLength is not < MostRefusal)
        {
            return true;
        }

        await response.Content.LoadIntoBufferAsync(MostRefusal, ct);
        return ProxyAnswer.Refusal((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct)) is null;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, KubeCredential credential, CancellationToken ct)
    {
        request.Headers.Remove("Authorization");
        if (credential.Authorization is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        // The handler takes the TLS name from the Host header, and from nowhere else. API servers do not look at Host.
        request.Headers.Host = connection.TlsServerName;
        return Invoker(credential.Certificate).SendAsync(request, ct);
    }

    /// <summary>Connections are bound to the certificate they were opened with; a new certificate needs new ones.</summary>
    private HttpMessageInvoker Invoker(X509Certificate2? certificate)
    {
        lock (_gate)
        {
            if (_invoker is null || !Equals(_certificate, certificate))
            {
                // The old one is not disposed: requests of other threads may be about to use it. Its connections close when they have been idle.
                _invoker = new HttpMessageInvoker(Connections(certificate));
                _certificate = certificate;
            }

            return _invoker;
        }
    }

    private SocketsHttpHandler Connections(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            Proxy = connection.Proxy is null ? new EnvironmentProxy() : new WebProxy(connection.Proxy),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,

            // A watch on a dead connection is silent; the ping tells.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        handler.SslOptions.RemoteCertificateValidationCallback = Validation();
        return handler;
    }

    private RemoteCertificateValidationCallback? Validation()
    {
        if (connection.InsecureSkipVerify)
        {
            // The kubeconfig asks for it in so many words (insecure-skip-tls-verify: true).
#pragma warning disable CA5359
            return (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return connection.Roots is { } roots ? roots.Accepts : null;
    }
}
