using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Linkerd;

/// <summary>One match of one rule of an HTTPRoute, attached to one Service.</summary>
/// <param name="Port">Of the Service; null for all of them.</param>
/// <param name="Hosts">Lower case; empty for any.</param>
/// <param name="Target">Says who gets a request, each time anew; null: the Service itself.</param>
internal sealed record HttpRouteRule(ObjectKey Service, int? Port, IReadOnlyList<string> Hosts, HttpRouteMatch Match, Func<MeshRoute>? Target)
{
    public bool IsOf(int port) => Port is null || Port == port;

    public bool Takes(RoutedRequest request) => (Hosts.Count == 0 || Hosts.Contains(request.Host)) && Match.Holds(request);

    /// <summary>All of a route.</summary>
    /// <param name="warnings">Takes what is not obeyed.</param>
    public static IReadOnlyList<HttpRouteRule> Of(JsonObject route, List<string> warnings)
    {
        var parents = route.ListAt("spec", "parentRefs").Where(p => p.Text("kind") == "Service").ToList();
        var hosts = route.ListAt("spec", "hostnames").Select(h => h.Text()?.ToLowerInvariant()).OfType<string>().ToList();
        List<HttpRouteRule> rules = [];
        foreach (var rule in route.ListAt("spec", "rules"))
        {
            if (rule.ListAt("filters").Any())
            {
                warnings.Add("filters are not known here; its requests pass unchanged.");
            }

            // All matches and parents of a rule share its turns.
            var target = TargetOf(rule, route.Namespace());
            var matches = rule.ListAt("matches").Select(m => HttpRouteMatch.Of(m, warnings)).DefaultIfEmpty(HttpRouteMatch.Everything).ToList();
            rules.AddRange(from parent in parents from match in matches select new HttpRouteRule(KeyOf(parent, route.Namespace()), parent.Integer("port"), hosts, match, target));
        }

        return rules;
    }

    private static Func<MeshRoute>? TargetOf(JsonNode rule, string ns)
    {
        var backends = rule.ListAt("backendRefs").ToList();
        if (backends.Count == 0)
        {
            return null;
        }

        // A weight that is left out is 1.
        var shares = backends.Select(b => (Backend: new BackendRef(KeyOf(b, ns), ServicePort.OfNumber(b.Integer("port") ?? 0)), Weight: b.Number("weight") ?? 1))
            .Where(s => s.Weight > 0)
            .ToList();
        if (shares.Count == 0)
        {
            return () => MeshRoute.NoShare;
        }

        var turns = new WeightedTurns<BackendRef>(shares);
        return () => MeshRoute.To(turns.Next());
    }

    private static ObjectKey KeyOf(JsonNode reference, string ns) => new(reference.Text("namespace") ?? ns, reference.Text("name") ?? "");
}
