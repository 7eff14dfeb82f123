using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Http;

/// <summary>Turns calls into requests, and answers into the next request.</summary>
internal static class CallRequest
{
    /// <summary>The request for one hop of a call.</summary>
    /// <param name="url">The call's, or where it was redirected to.</param>
    public static HttpRequestMessage Make(HttpCall call, Uri url, CallRoute route)
    {
        var target = route.Url.UserInfo.Length == 0 ? route.Url : new UriBuilder(route.Url) { UserName = "", Password = "" }.Uri;
        var request = new HttpRequestMessage(new HttpMethod(call.Method), target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Host = route.Host;
        request.Headers.TryAddWithoutValidation("User-Agent", ProductAgent.Value);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }

        if (url.UserInfo.Length > 0)
        {
            var user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(user));
        }

        foreach (var (name, value) in Headers(call, url))
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Whether the hop carries what an API server would take for its own: a proof, or a claim to be somebody else.</summary>
    public static bool HasCredentials(HttpCall call, Uri url) => url.UserInfo.Length > 0 || Headers(call, url).Any(h => IsCredential(h.Key));

    /// <summary>
    /// Where the answer sends us; null when it is the answer. 307 and 308 are followed with method and body, the others for GET only: a POST repeated as a GET
    /// without body would not be the call that was asked for.
    /// </summary>
    public static Uri? Next(HttpCall call, Uri url, CallRoute route, HttpResponseMessage response)
    {
        var follow = response.StatusCode switch
        {
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => true,
            HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther => call.Method is "GET" or "HEAD",
            _ => false,
        };
        if (!follow || response.Headers.Location is not { } location)
        {
            return null;
        }

        var next = location.IsAbsoluteUri && location.Scheme != Uri.UriSchemeFile ? location : new Uri(url, Unproxied(location.OriginalString, route));
        var downgraded = url.Scheme == "https" && next.Scheme != "https";
        return next.Scheme is "http" or "https" && !downgraded ? next : null;
    }

    // The API server turns a service's own paths into paths of its own.
    private static string Unproxied(string location, CallRoute route)
        => route.Service is { ProxyPath: var prefix } && location.StartsWith($"{prefix}/", StringComparison.Ordinal) ? location[prefix.Length..] : location;

    // What a caller added for one host is not for the host that this one redirects to.
    private static IEnumerable<KeyValuePair<string, string>> Headers(HttpCall call, Uri url)
        => url.Authority == call.Url.Authority ? call.Headers : call.Headers.Where(h => h.Key.ToUpperInvariant() is not ("AUTHORIZATION" or "COOKIE"));

    private static bool IsCredential(string header)
        => header.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
            || header.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)
            || header.StartsWith("X-Remote-", StringComparison.OrdinalIgnoreCase);
}
