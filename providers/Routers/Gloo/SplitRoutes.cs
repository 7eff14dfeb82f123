using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>
/// The routes of the RouteTable that lead to the tracks' Upstreams. Each of them carries the split, so that a route which somebody added, or which an A/B
/// test of Flagger's left, cannot keep traffic where it must not be. One without matchers takes whatever no other route does.
/// </summary>
internal sealed class SplitRoutes(Canary canary, GlooObjects objects)
{
    /// <summary>The split that all of them show; null when they differ, or one shows none.</summary>
    public TrafficSplit? Read(JsonObject table)
    {
        var routes = Ours(table).ToList();
        return routes.Exists(TakesTheRest) && routes.Select(SplitOf).Distinct().ToList() is [var split] ? split : null;
    }

    /// <summary>Sets the weights and nothing else on routes that are there; adds what is missing.</summary>
    public void Write(JsonObject table, TrafficSplit split)
    {
        foreach (var route in Ours(table))
        {
            route["routeAction"]!["multi"]!["destinations"] = Destinations(route, split);
        }

        if (Ours(table).FirstOrDefault(TakesTheRest) is { } existing)
        {
            existing["inheritablePathMatchers"] = true;
            return;
        }

        var added = new JsonObject
        {
            ["inheritablePathMatchers"] = true,
            ["routeAction"] = new JsonObject { ["multi"] = new JsonObject { ["destinations"] = Destinations(null, split) } },
        };
        var spec = table.Section("spec");
        if (spec["routes"] is JsonArray routes)
        {
            routes.Add((JsonNode)added);
        }
        else
        {
            spec["routes"] = new JsonArray(added);
        }
    }

    /// <summary>Makes all of them lead to the primary's Upstream alone.</summary>
    public void Join(JsonObject table)
    {
        Write(table, TrafficSplit.AllPrimary);
        foreach (var route in Ours(table))
        {
            var destinations = (JsonArray)route["routeAction"]!["multi"]!["destinations"]!;
            destinations.Remove(destinations.First(d => IsCanary((JsonObject)d!)));
        }
    }

    /// <summary>Whether all of them do.</summary>
    public bool AreJoined(JsonObject table)
        => Ours(table).ToList() is { Count: > 0 } routes && routes.TrueForAll(r => DestinationsOf(r).ToList() is [var only] && IsPrimary(only));

    /// <summary>Names of generated Upstreams that some of them still lead to although the Canary's port has changed since.</summary>
    public IReadOnlyList<string> Former(JsonObject table)
        => [.. Ours(table).SelectMany(DestinationsOf).Where(d => IsPrimary(d) || IsCanary(d)).Select(d => d.Text("destination", "upstream", "name")!)
            .Distinct().Where(n => n != objects.Primary.Name && n != objects.Canary.Name)];

    private static bool TakesTheRest(JsonObject route) => !route.ListAt("matchers").Any();

    private IEnumerable<JsonObject> Ours(JsonObject table)
        => table.ListAt("spec", "routes").OfType<JsonObject>().Where(r => DestinationsOf(r).Any(d => IsPrimary(d) || IsCanary(d)));

    private static IEnumerable<JsonObject> DestinationsOf(JsonObject? route) => route.ListAt("routeAction", "multi", "destinations").OfType<JsonObject>();

    // Upstreams of a former port count as ours: their route is to be moved, not kept beside a new one.
    private bool IsPrimary(JsonObject destination) => LeadsTo(destination, GlooObjects.PrimaryPrefix(canary));

    private bool IsCanary(JsonObject destination) => LeadsTo(destination, GlooObjects.CanaryPrefix(canary));

    private bool LeadsTo(JsonObject destination, string prefix)
        => destination.Text("destination", "upstream", "name") is { } name
            && name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length && name.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0
            && (destination.Text("destination", "upstream", "namespace") ?? canary.Namespace) == canary.Namespace;

    private TrafficSplit? SplitOf(JsonObject route)
    {
        var weights = DestinationsOf(route).Select(d => (Name: d.Text("destination", "upstream", "name"), Weight: WeightOf(d))).ToList();
        return weights.Count == 2
            && weights.Find(w => w.Name == objects.Primary.Name).Weight is { } primary
            && weights.Find(w => w.Name == objects.Canary.Name).Weight is { } share
            && primary is >= 0 and <= 100 && primary + share == 100
                ? TrafficSplit.ToCanary((int)share)
                : null;
    }

    // Gloo reads a weight that is not there as 0, and Flagger leaves it out.
    private static double? WeightOf(JsonObject destination)
        => destination["weight"] is null ? 0 : destination.Number("weight") is { } weight && Math.Floor(weight) == weight ? weight : null;

    private JsonArray Destinations(JsonObject? route, TrafficSplit split)
    {
        var live = DestinationsOf(route).ToList();
        var tracks = ((JsonObject? Live, ObjectRef Upstream, int Weight)[])
            [(live.Find(IsPrimary), objects.Primary, split.Primary), (live.Find(IsCanary), objects.Canary, split.Canary)];

        // In the order that they have: another one would be a write for nothing.
        return [.. tracks.OrderBy(t => t.Live is null ? int.MaxValue : live.IndexOf(t.Live)).Select(t => (JsonNode)Destination(t.Live, t.Upstream, t.Weight))];
    }

    private static JsonObject Destination(JsonObject? live, ObjectRef upstream, int weight)
    {
        var destination = live?.Copy() ?? [];
        var reference = destination.Section("destination").Section("upstream");
        reference["name"] = upstream.Name;
        reference["namespace"] = upstream.Namespace;
        if (WeightOf(destination) == weight)
        {
            return destination;
        }

        destination.Remove("weight");
        if (weight > 0)
        {
            destination["weight"] = weight;
        }

        return destination;
    }
}
