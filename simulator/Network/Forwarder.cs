using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CanaryFunctions.Simulator.Network;

/// <summary>Sends a request on to a server on loopback and its answer back, as it is but for hop-by-hop headers. Connections are reused.</summary>
internal sealed class Forwarder : IDisposable
{
    private static readonly FrozenSet<string> HopByHop = FrozenSet.ToFrozenSet(
        [
            "Connection", "Expect", "Host", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding",
            "Upgrade", ProxyHead.AuthorityHeader,
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        UseCookies = false,
        UseProxy = false,
    });

    /// <param name="onResponse">Sees the answer's headers before they are sent on, and may change them.</param>
    public async Task<ForwardOutcome> SendAsync(HttpContext context, LoopbackTarget target, Action<IHeaderDictionary>? onResponse = null)
    {
        using var request = RequestTo(context, target);
        try
        {
            using var response = await _client.SendAsync(request, context.RequestAborted);
            await AnswerAsync(context.Response, response, onResponse, context.RequestAborted);
            return ForwardOutcome.Answered;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return ForwardOutcome.Refused;
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            return ForwardOutcome.Broken;
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or HttpRequestException or IOException)
        {
            return ForwardOutcome.ClientLeft;
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage RequestTo(HttpContext context, LoopbackTarget target)
    {
        var incoming = context.Request;
        var uri = new Uri(target.Prefix + PathAndQuery(context), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Parse(incoming.Method), uri);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            request.Content = new StreamContent(incoming.Body);
        }

        foreach (var (name, value) in incoming.Headers)
        {
            if (!HopByHop.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        request.Headers.Host = incoming.Host.Value;
        return request;
    }

    // As it was sent, because decoding and encoding again is not always the identity.
    private static string PathAndQuery(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return raw.StartsWith('/') ? raw : $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";
    }

    private static async Task AnswerAsync(HttpResponse outgoing, HttpResponseMessage response, Action<IHeaderDictionary>? onResponse, CancellationToken ct)
    {
        outgoing.StatusCode = (int)response.StatusCode;
        CopyHeaders(response.Headers.NonValidated, outgoing.Headers);
        CopyHeaders(response.Content.Headers.NonValidated, outgoing.Headers);
        onResponse?.Invoke(outgoing.Headers);
        await response.Content.CopyToAsync(outgoing.Body, ct);
    }

    private static void CopyHeaders(System.Net.Http.Headers.HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!HopByHop.Contains(name))
            {
                to[name] = values.Count == 1 ? values.ToString() : new StringValues([.. values]);
            }
        }
    }
}

/// <summary>What came of forwarding a request.</summary>
internal enum ForwardOutcome
{
    Answered,

    /// <summary>No connection: the server has seen nothing, another one may be tried.</summary>
    Refused,

    /// <summary>The connection broke after the request was sent.</summary>
    Broken,

    ClientLeft,
}
