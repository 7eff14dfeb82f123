using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>Turns an Ingress into routes. Pure but for the meters that it asks for.</summary>
internal static class SkipperIngress
{
    private const string Weights = "zalando.org/backend-weights";
    private const string PredicateAnnotation = "zalando.org/skipper-predicate";

    public static bool IsOurs(JsonObject ingress)
        => (ingress.Annotation("kubernetes.io/ingress.class") ?? ingress.Text("spec", "ingressClassName")) == SkipperNames.IngressClass;

    /// <param name="meterOf">The meter of a route id.</param>
    /// <param name="warnings">Takes what is wrong with the Ingress; the parts that are right still work.</param>
    public static IReadOnlyList<SkipperRoute> Routes(JsonObject ingress, Func<string, IRouteMeter> meterOf, List<string> warnings)
    {
        if (Conditions(ingress, warnings) is not { } conditions)
        {
            return [];
        }

        var weights = ReadWeights(ingress, warnings);
        List<SkipperRoute> routes = [];
        foreach (var rule in ingress.ListAt("spec", "rules"))
        {
            var host = (rule.Text("host") ?? "").ToLowerInvariant();
            foreach (var paths in rule.ListAt("http", "paths").GroupBy(p => RoutePath.Of(p.Text("path"), p.Text("pathType"))))
            {
                var backends = paths
                    .Select(p => BackendOf(ingress, p.At("backend")))
                    .OfType<BackendRef>()
                    .Select(b => (new RouteMatch(b, meterOf(Id(ingress, host, paths.Key.Path, b))), weights is null ? 1 : weights.GetValueOrDefault(b.Service.Name)))
                    .ToList();
                if (backends.Count > 0)
                {
                    routes.Add(new(host, paths.Key, conditions, new(backends)));
                }
            }
        }

        if (BackendOf(ingress, ingress.At("spec", "defaultBackend")) is { } fallback)
        {
            var id = SkipperNames.RouteId(ingress.Namespace(), ingress.Name(), "", "", "");
            routes.Add(new("", new("/", IsExact: false), conditions, new([(new(fallback, meterOf(id)), 1)])));
        }

        return routes;
    }

    private static string Id(JsonObject ingress, string host, string path, BackendRef backend)
        => SkipperNames.RouteId(ingress.Namespace(), ingress.Name(), host, path, backend.Service.Name);

    private static RouteConditions? Conditions(JsonObject ingress, List<string> warnings)
    {
        try
        {
            var conditions = RouteConditions.Of(ingress.Annotation(PredicateAnnotation));
            warnings.AddRange(conditions.Unknown.Select(u => $"annotation {PredicateAnnotation}: {u} is not known here; the Ingress's routes match nothing."));
            return conditions;
        }
        catch (FormatException e)
        {
            warnings.Add($"annotation {PredicateAnnotation}: {e.Message} The Ingress has no routes.");
            return null;
        }
    }

    // With an annotation that cannot be read Skipper shares equally, too.
    private static Dictionary<string, double>? ReadWeights(JsonObject ingress, List<string> warnings)
    {
        if (ingress.Annotation(Weights) is not { } text)
        {
            return null;
        }

        try
        {
            var weights = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (name, value) in JsonNode.Parse(text)?.AsObject() ?? [])
            {
                weights[name] = value.Number() is >= 0 and var weight ? weight : throw new FormatException($"the weight of '{name}' must be a number of 0 or more.");
            }

            return weights;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            warnings.Add($"annotation {Weights}: '{text}' cannot be read: {e.Message} All backends share equally.");
            return null;
        }
    }

    private static BackendRef? BackendOf(JsonObject ingress, JsonNode? backend)
    {
        if (backend.Text("service", "name") is not { Length: > 0 } name)
        {
            return null;
        }

        var port = backend.Text("service", "port", "name") is { Length: > 0 } portName
            ? ServicePort.OfName(portName)
            : ServicePort.OfNumber(backend.Integer("service", "port", "number") ?? 0);
        return new(new ObjectKey(ingress.Namespace(), name), port);
    }
}
