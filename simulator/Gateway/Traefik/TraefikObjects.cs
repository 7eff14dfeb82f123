using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Traefik;

/// <summary>Turns IngressRoutes and TraefikServices into routes and turns. Pure but for the meters that it asks for.</summary>
internal static class TraefikObjects
{
    public const string Service = "TraefikService";

    // The gateway's one port is what the chart's entry point `web` listens on.
    private const string EntryPoint = "web";
    private const int MissingWeight = 1;

    public static bool IsOurs(JsonObject route)
    {
        var entryPoints = route.ListAt("spec", "entryPoints").Select(e => e.Text()).ToList();
        return (route.Annotation("kubernetes.io/ingress.class") ?? "traefik") == "traefik" && (entryPoints.Count == 0 || entryPoints.Contains(EntryPoint));
    }

    /// <param name="meterOf">The meter of a service as Traefik names it.</param>
    /// <param name="warnings">Takes what is wrong; the routes that are right still work.</param>
    public static IReadOnlyList<TraefikRoute> Routes(JsonObject ingressRoute, Func<string, IRouteMeter> meterOf, List<string> warnings)
    {
        List<TraefikRoute> routes = [];
        foreach (var route in ingressRoute.ListAt("spec", "routes"))
        {
            var match = route.Text("match") ?? "";
            try
            {
                var rule = RouteRule.Parse(match);
                if (Turns(route.ListAt("services"), ingressRoute.Namespace(), meterOf, warnings) is { } turns)
                {
                    routes.Add(new(rule, route.Integer("priority") is > 0 and var priority ? priority : match.Length, turns));
                }
            }
            catch (FormatException e)
            {
                warnings.Add($"{e.Message} This route matches nothing.");
            }
        }

        return routes;
    }

    /// <summary>How a TraefikService shares its requests; null where it has nobody to give one to.</summary>
    public static WeightedTurns<TraefikTarget>? Turns(JsonObject service, Func<string, IRouteMeter> meterOf, List<string> warnings)
    {
        if (service.ObjectAt("spec", "weighted") is null)
        {
            warnings.Add("it has no spec.weighted, and nothing else is served here.");
        }

        return Turns(service.ListAt("spec", "weighted", "services"), service.Namespace(), meterOf, warnings);
    }

    // Traefik takes a missing weight for 1, and gives nothing to a weight of 0.
    private static WeightedTurns<TraefikTarget>? Turns(IEnumerable<JsonNode> services, string ns, Func<string, IRouteMeter> meterOf, List<string> warnings)
    {
        List<(TraefikTarget, double)> shares = [];
        foreach (var service in services)
        {
            if ((service.Number("weight") ?? MissingWeight) is > 0 and var weight && Target(service, ns, meterOf, warnings) is { } target)
            {
                shares.Add((target, weight));
            }
        }

        return shares.Count > 0 ? new(shares) : null;
    }

    private static TraefikTarget? Target(JsonNode service, string ns, Func<string, IRouteMeter> meterOf, List<string> warnings)
    {
        var key = new ObjectKey(service.Text("namespace") ?? ns, service.Text("name") ?? "");
        if (service.Text("kind") == Service)
        {
            return new(null, key);
        }

        var port = service.Integer("port") is { } number ? ServicePort.OfNumber(number)
            : service.Text("port") is { Length: > 0 } name ? ServicePort.OfName(name)
            : (ServicePort?)null;
        if (key.Name.Length == 0 || port is null)
        {
            warnings.Add($"the service '{key}' needs a name and a port; it gets no requests.");
            return null;
        }

        var meter = meterOf($"{key.Namespace}-{key.Name}-{port}@kubernetescrd");
        return new(new(new(key, port.Value), meter), default);
    }
}
