using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>The paths of an Ingress' rules.</summary>
internal static class IngressPaths
{
    /// <summary>Names of the services that the rules' paths lead to.</summary>
    public static IEnumerable<string> Backends(JsonObject ingress)
        => ingress.ListAt("spec", "rules").SelectMany(r => r.ListAt("http", "paths")).Select(BackendOf).OfType<string>();

    /// <summary>
    /// The spec with every path to the apex service leading to the primary, and a copy of it to the canary at the end of its rule. Everything else stays
    /// as it is: hosts, other paths, rules without paths, TLS, default backend, class.
    /// </summary>
    public static JsonNode Split(JsonObject ingress, Canary canary)
    {
        var spec = ingress["spec"]!.DeepClone();
        foreach (var rule in spec.ListAt("rules"))
        {
            if (rule.At("http", "paths") is not JsonArray paths)
            {
                continue;
            }

            foreach (var path in paths.OfType<JsonObject>().Where(p => BackendOf(p) == canary.ApexService).ToList())
            {
                var copy = path.Copy();
                Lead(path, canary.PrimaryService);
                Lead(copy, canary.CanaryService);
                paths.Add((JsonNode)copy);
            }
        }

        return spec;
    }

    private static string? BackendOf(JsonNode path) => path.Text("backend", "service", "name");

    private static void Lead(JsonObject path, string service) => path.Section("backend").Section("service")["name"] = service;
}
