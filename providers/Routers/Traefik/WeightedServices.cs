using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Traefik;

/// <summary>
/// The list <c>spec.weighted.services</c> of a TraefikService. Entries that lead to the Canary's own Services are the split; all others are the user's and
/// stay where they are. Traefik takes a missing weight for 1, so a track that gets nothing has no entry at all.
/// </summary>
internal sealed class WeightedServices(Canary canary)
{
    private const int MissingWeight = 1;

    /// <summary>The split that the list shows; null when it shows none: a track twice, the apex besides, or weights that do not sum to 100.</summary>
    public TrafficSplit? Read(JsonArray? services)
    {
        var ours = Ours(services);
        var primary = Weight(ours.Where(s => s.Text("name") == canary.PrimaryService));
        var share = Weight(ours.Where(s => s.Text("name") == canary.CanaryService));
        var isWhole = !ours.Any(s => s.Text("name") == canary.ApexService) && primary >= 0 && share >= 0 && primary + share == 100;
        return isWhole && share == Math.Floor(share!.Value) ? TrafficSplit.ToCanary((int)share.Value) : null;
    }

    /// <summary>The list with the split in the place of the first entry of ours.</summary>
    public JsonArray Write(JsonArray? services, TrafficSplit split)
        => Replace(services, [.. Track(services, canary.PrimaryService, split.Primary), .. Track(services, canary.CanaryService, split.Canary)]);

    /// <summary>The list with the apex service in the place of its tracks.</summary>
    public JsonArray Join(JsonArray? services)
        => Ours(services).Any(s => s.Text("name") != canary.ApexService)
            ? Replace(services, [Entry(services, canary.ApexService, 100)])
            : (JsonArray)(services?.DeepClone() ?? new JsonArray());

    private IEnumerable<JsonObject> Track(JsonArray? services, string name, int weight) => weight > 0 ? [Entry(services, name, weight)] : [];

    // What a user set on one track, such as a scheme, is meant for both: the other one's entry comes and goes.
    private JsonObject Entry(JsonArray? services, string name, int weight)
    {
        var ours = Ours(services);
        var entry = (ours.Find(s => s.Text("name") == name) ?? (ours.Count > 0 ? ours[0] : null))?.Copy() ?? [];
        entry["name"] = name;
        entry["namespace"] = canary.Namespace;
        entry["port"] = canary.Spec.Service.Port;
        entry["weight"] = weight;
        return entry;
    }

    private JsonArray Replace(JsonArray? services, IReadOnlyList<JsonObject> tracks)
    {
        var first = services?.ToList().FindIndex(IsOurs) ?? -1;
        var others = (services ?? []).Where(s => !IsOurs(s)).Select(s => s?.DeepClone()).ToList();
        others.InsertRange(first >= 0 ? services!.Take(first).Count(s => !IsOurs(s)) : others.Count, tracks);
        return new([.. others]);
    }

    private List<JsonObject> Ours(JsonArray? services) => [.. (services ?? []).Where(IsOurs).Cast<JsonObject>()];

    private bool IsOurs(JsonNode? service)
        => service is JsonObject
            && (service.Text("kind") ?? "Service") == "Service"
            && (service.Text("namespace") ?? canary.Namespace) == canary.Namespace
            && service.Text("name") is { } name
            && (name == canary.ApexService || name == canary.PrimaryService || name == canary.CanaryService);

    // Null for what Traefik would not take either, and for a track that is there more than once.
    private static double? Weight(IEnumerable<JsonObject> entries) => entries.ToList() switch
    {
        [] => 0,
        [var only] => only.At("weight") is null ? MissingWeight : only.Number("weight"),
        _ => null,
    };
}
