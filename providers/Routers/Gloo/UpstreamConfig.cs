using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>
/// The settings that generated Upstreams take over from the one that <c>spec.upstreamRef</c> names. The copy records which it has, so that one removed at
/// the source is removed here, and one that somebody set on the copy itself is not.
/// </summary>
internal static class UpstreamConfig
{
    /// <summary>Where the copy records them: a JSON list of keys of <c>spec</c>.</summary>
    public const string Annotation = "flagger.app/copied-config";

    // Sorted, as they are recorded (contracts/routing-metrics.md 1.6).
    private static readonly string[] Keys =
    [
        "circuitBreakers", "connectionConfig", "httpProxyHostName", "initialConnectionWindowSize", "initialStreamWindowSize", "labels", "loadBalancerConfig",
        "sslConfig", "useHttp2",
    ];

    /// <param name="source">The Upstream to follow; an empty object when there is none any more.</param>
    public static void Copy(JsonObject source, JsonObject upstream)
    {
        var spec = upstream.Section("spec");
        List<string> present = [.. Keys.Where(k => source.At("spec", k) is not null)];
        foreach (var gone in Recorded(upstream).Except(present, StringComparer.Ordinal))
        {
            spec.Remove(gone);
        }

        foreach (var key in present)
        {
            spec[key] = source.At("spec", key)!.DeepClone();
        }

        Record(upstream, present);
    }

    private static void Record(JsonObject upstream, List<string> keys)
    {
        if (keys.Count > 0)
        {
            upstream.Metadata().Section("annotations")[Annotation] = new JsonArray([.. keys.Select(k => (JsonNode)k)]).ToJsonString();
        }
        else
        {
            Annotations.Remove(upstream, Annotation);
        }
    }

    // What cannot be read is not known to be ours to remove.
    private static IEnumerable<string> Recorded(JsonObject upstream)
        => (Annotations.Parse(upstream.Annotation(Annotation)) as JsonArray ?? []).Select(k => k.Text()).OfType<string>().Intersect(Keys, StringComparer.Ordinal);
}
