using System.Net;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>services/NAME[:PORT]/proxy/PATH: passes plain HTTP requests on to what serves the Service.</summary>
internal sealed class ServiceProxy(ObjectStore store, ResourceCatalog catalog, ApiServerOptions options) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    public async Task<Reply> ForwardAsync(ApiCall call)
    {
        var parts = call.Name.Split(':');
        var (name, port) = parts.Length switch { 1 => (parts[0], ""), 2 => (parts[0], parts[1]), _ => (parts[1], parts[2]) };
        var service = store.Find("/services", call.Namespace, name) ?? throw ApiError.NotFound(catalog.Find("", "v1", "services")!, name);
        if (port.Length == 0)
        {
            port = $"{service.Json.Arr("spec", "ports").Objects().FirstOrDefault().Int("port") ?? 80}";
        }

        var endpoint = options.ResolveService is { } resolve ? await resolve(new(call.Namespace, name, port), call.Aborted) : null;
        if (endpoint is null)
        {
            throw new ApiError(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", $"no endpoints available for service \"{name}\"");
        }

        var incoming = call.Http.Request;
        using var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri($"http://{endpoint}/{call.Path.Rest}{incoming.QueryString}"));
        request.Headers.Host = $"{name}.{call.Namespace}";
        if (incoming.ContentLength is > 0)
        {
            request.Content = new ByteArrayContent(await BodyReader.BytesAsync(incoming, call.Aborted));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", incoming.ContentType);
        }

        try
        {
            using var response = await _client.SendAsync(request, call.Aborted);
            var body = await response.Content.ReadAsByteArrayAsync(call.Aborted);
            return new Reply((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "text/plain", body);
        }
        catch (HttpRequestException e)
        {
            throw new ApiError(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", $"error trying to reach service \"{name}\": {e.Message}");
        }
    }

    public void Dispose() => _client.Dispose();
}
