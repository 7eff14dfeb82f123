using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Network;

/// <summary>A request as routes look at it.</summary>
/// <param name="Host">Host header in lower case, without port.</param>
/// <param name="Path">Decoded path, beginning with a slash.</param>
public sealed record RoutedRequest(string Method, string Host, string Path, IHeaderDictionary Headers)
{
    internal static RoutedRequest Of(HttpRequest request)
        => new(request.Method, request.Host.Host.ToLowerInvariant(), request.Path.Value ?? "/", request.Headers);
}
