using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Pods of one Service whose ports resolve to the same numbers.</summary>
/// <param name="Ports">Name, number and protocol, as in the API.</param>
internal sealed record EndpointSubset(JsonArray Ports, IReadOnlyList<JsonObject> Ready, IReadOnlyList<JsonObject> NotReady);

/// <summary>Which pods stand behind a Service, and on which ports. Pure.</summary>
internal static class EndpointSubsets
{
    /// <summary>Subsets in a stable order. A pod that is being deleted, or has no address yet, is in none.</summary>
    public static IReadOnlyList<EndpointSubset> Of(JsonObject service, IEnumerable<JsonObject> podsOfNamespace)
    {
        var selector = service.Map("spec", "selector");
        return
        [
            .. podsOfNamespace
                .Where(p => selector.Count > 0 && Matches(selector, p) && !p.IsBeingDeleted() && p.Text("status", "podIP") is { Length: > 0 })
                .Select(p => (Pod: p, Ports: PortsOf(service, p)))
                .GroupBy(p => p.Ports.ToJsonString())
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new EndpointSubset(
                    g.First().Ports,
                    [.. g.Select(p => p.Pod).Where(IsReady)],
                    [.. g.Select(p => p.Pod).Where(p => !IsReady(p))])),
        ];
    }

    public static bool IsReady(JsonObject pod) => StatusConditions.IsTrue(pod, "Ready");

    private static bool Matches(IReadOnlyDictionary<string, string> selector, JsonObject pod) => selector.All(s => pod.Label(s.Key) == s.Value);

    private static JsonArray PortsOf(JsonObject service, JsonObject pod)
    {
        var ports = new JsonArray();
        foreach (var port in service.ListAt("spec", "ports"))
        {
            if (TargetPort(port, pod) is not { } number)
            {
                continue;                                            // a name that this pod does not have
            }

            var resolved = new JsonObject();
            if (port.Text("name") is { Length: > 0 } name)
            {
                resolved["name"] = name;
            }

            resolved["port"] = number;
            resolved["protocol"] = port.Text("protocol") ?? "TCP";
            ports.Add(resolved);
        }

        return ports;
    }

    private static int? TargetPort(JsonNode port, JsonObject pod)
    {
        if (port.Text("targetPort") is not { Length: > 0 } name)
        {
            return port.Integer("targetPort") ?? port.Integer("port");
        }

        return pod.ListAt("spec", "containers")
            .SelectMany(c => c.ListAt("ports"))
            .FirstOrDefault(p => p.Text("name") == name)
            .Integer("containerPort");
    }
}
