using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>A webhook that could not be asked, or that gave no usable answer.</summary>
internal sealed class WebhookFailure(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Posts reviews to webhooks over HTTPS, trusting exactly the configuration's caBundle.</summary>
internal sealed class WebhookCaller(ApiServerOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    /// <summary>The answer's body. Throws <see cref="WebhookFailure"/>.</summary>
    public async Task<JsonObject> PostAsync(JsonObject clientConfig, JsonObject review, TimeSpan timeout, CancellationToken ct)
    {
        var (url, service) = Target(clientConfig);
        using var limit = new CancellationTokenSource(timeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(JsonTree.Bytes(review)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(Reply.JsonType);
            using var response = await ClientFor(clientConfig, url, service).SendAsync(request, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw new WebhookFailure($"failed to call webhook: the server answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 256)))}");
            }

            return JsonTree.Parse(body) as JsonObject ?? throw new WebhookFailure("failed to call webhook: the answer is not an object");
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WebhookFailure($"failed to call webhook: Post \"{url}?timeout={timeout.TotalSeconds:0}s\": context deadline exceeded", e);
        }
        catch (HttpRequestException e)
        {
            throw new WebhookFailure($"failed to call webhook: Post \"{url}?timeout={timeout.TotalSeconds:0}s\": {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new WebhookFailure($"failed to call webhook: the answer is not JSON: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private static (Uri Url, ServiceAddress? Service) Target(JsonObject clientConfig)
    {
        if (clientConfig.Obj("service") is not { } service)
        {
            return (new Uri(clientConfig.Str("url") ?? ""), null);
        }

        var address = new ServiceAddress(service.Str("namespace") ?? "", service.Str("name") ?? "", $"{service.Int("port") ?? 443}");
        return (new Uri($"https://{address.Name}.{address.Namespace}.svc:{address.Port}{service.Str("path") ?? "/"}"), address);
    }

    private HttpClient ClientFor(JsonObject clientConfig, Uri url, ServiceAddress? service)
    {
        var bundle = clientConfig.Str("caBundle") ?? "";
        var key = $"{url.Authority} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(bundle)))}";
        return _clients.GetOrAdd(key, _ => CreateClient(bundle, service));
    }

    private HttpClient CreateClient(string bundle, ServiceAddress? service)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) };
        if (bundle.Length > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(bundle)));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        if (service is not null)
        {
            handler.ConnectCallback = (_, ct) => ConnectAsync(service, ct);
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private async ValueTask<Stream> ConnectAsync(ServiceAddress service, CancellationToken ct)
    {
        var endpoint = options.ResolveService is { } resolve ? await resolve(service, ct) : null;
        if (endpoint is null)
        {
            throw new HttpRequestException($"no endpoints available for service \"{service.Name}\" in namespace \"{service.Namespace}\"");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
