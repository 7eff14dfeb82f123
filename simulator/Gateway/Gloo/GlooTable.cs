using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

/// <summary>Turns VirtualServices, and the RouteTables that they delegate to, into routes.</summary>
/// <param name="findTable">The RouteTable of a key; null when there is none.</param>
internal sealed class GlooTable(Func<ObjectKey, JsonObject?> findTable)
{
    // An unchanged route keeps its place in the turns of its Upstreams while others change.
    private readonly ConditionalWeakTable<JsonNode, WeightedTurns<ObjectKey>> _turns = [];

    /// <param name="warnings">Takes what is not obeyed; the parts that are understood still work.</param>
    public IReadOnlyList<GlooHost> HostsOf(JsonObject virtualService, List<string> warnings)
    {
        var routes = Routes(virtualService.ListAt("spec", "virtualHost", "routes"), virtualService.Namespace(), [], [], warnings).ToList();
        var domains = virtualService.ListAt("spec", "virtualHost", "domains").Select(d => d.Text()).OfType<string>().ToList();
        return [.. (domains.Count == 0 ? ["*"] : domains).Select(d => new GlooHost(WithoutPort(d.ToLowerInvariant()), routes))];
    }

    private IEnumerable<GlooRoute> Routes(
        IEnumerable<JsonNode> routes, string ns, IReadOnlyList<IReadOnlyList<GlooMatcher>> above, IReadOnlyList<ObjectKey> way, List<string> warnings)
    {
        foreach (var route in routes)
        {
            List<GlooMatcher> own = [.. route.ListAt("matchers").Select(m => GlooMatcher.Of(m, warnings))];
            IReadOnlyList<IReadOnlyList<GlooMatcher>> levels = own.Count == 0 ? above : [.. above, own];
            var found = route.At("delegateAction") is { } to ? Delegated(to, ns, levels, way, warnings)
                : Turns(route, ns, warnings) is { } turns ? [new GlooRoute(levels, turns)]
                : [];
            foreach (var leaf in found)
            {
                yield return leaf;
            }
        }
    }

    // A table that is not there yet is nothing to warn of: the guide applies its VirtualService before the table is generated.
    private IEnumerable<GlooRoute> Delegated(
        JsonNode action, string ns, IReadOnlyList<IReadOnlyList<GlooMatcher>> levels, IReadOnlyList<ObjectKey> way, List<string> warnings)
    {
        if (KeyOf(action.At("ref") ?? action, ns) is not { } key)
        {
            warnings.Add("delegateAction without ref is not known here; its route leads nowhere.");
            return [];
        }

        if (way.Contains(key))
        {
            warnings.Add($"RouteTable {key} delegates to itself; its route leads nowhere.");
            return [];
        }

        return findTable(key) is { } table ? Routes(table.ListAt("spec", "routes"), key.Namespace, levels, [.. way, key], warnings) : [];
    }

    private WeightedTurns<ObjectKey>? Turns(JsonNode route, string ns, List<string> warnings)
    {
        if (_turns.TryGetValue(route, out var known))
        {
            return known;
        }

        var upstreams = Upstreams(route, ns);
        if (upstreams.Count == 0)
        {
            warnings.Add("a route without routeAction to upstreams is not known here; it leads nowhere.");
            return null;
        }

        var turns = new WeightedTurns<ObjectKey>(upstreams);
        _turns.Add(route, turns);
        return turns;
    }

    private static List<(ObjectKey Upstream, double Weight)> Upstreams(JsonNode route, string ns)
    {
        List<(ObjectKey, double)> upstreams = [];
        if (KeyOf(route.At("routeAction", "single", "upstream"), ns) is { } only)
        {
            upstreams.Add((only, 1));
        }

        foreach (var destination in route.ListAt("routeAction", "multi", "destinations"))
        {
            if (KeyOf(destination.At("destination", "upstream"), ns) is { } one)
            {
                upstreams.Add((one, destination.Number("weight") ?? 0));
            }
        }

        return upstreams;
    }

    private static ObjectKey? KeyOf(JsonNode? reference, string ns)
        => reference.Text("name") is { Length: > 0 } name ? new(reference.Text("namespace") is { Length: > 0 } given ? given : ns, name) : null;

    private static string WithoutPort(string domain) => domain.Split(':')[0];
}
