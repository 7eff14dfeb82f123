using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>Skipper's annotation that weighs the backends of one path: compact JSON, service name to number. A service that it leaves out counts 0.</summary>
internal static class BackendWeights
{
    public const string Annotation = "zalando.org/backend-weights";

    /// <summary>Skipper takes any number, and others may have written a fraction. Unreadable text is no weights.</summary>
    public static IReadOnlyDictionary<string, double> Read(string? annotation)
    {
        var weights = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (service, weight) in Parse(annotation))
        {
            if (weight.Number() is { } number)
            {
                weights[service] = number;
            }
        }

        return weights;
    }

    /// <summary>The split that the weights ask for; null when one is missing or they do not sum to 100.</summary>
    public static TrafficSplit? Split(string? annotation, Canary canary)
    {
        var weights = Read(annotation);
        return weights.TryGetValue(canary.PrimaryService, out var primary) && weights.TryGetValue(canary.CanaryService, out var share)
            && primary >= 0 && share >= 0 && Math.Abs(primary + share - 100) < 0.01
                ? TrafficSplit.ToCanary((int)Math.Round(share, MidpointRounding.AwayFromZero))
                : null;
    }

    /// <param name="apexAnnotation">The user's own weights, of other services; they go on to apply.</param>
    public static string Write(Canary canary, TrafficSplit split, string? apexAnnotation)
    {
        var weights = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (service, weight) in Parse(apexAnnotation))
        {
            weights[service] = weight?.DeepClone();
        }

        weights[canary.PrimaryService] = split.Primary;
        weights[canary.CanaryService] = split.Canary;
        return new JsonObject(weights).ToJsonString();
    }

    // Skipper ignores what it cannot read as well.
    private static JsonObject Parse(string? annotation) => Annotations.Parse(annotation) as JsonObject ?? [];
}
