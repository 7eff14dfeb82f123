using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The kinds of the ingress controllers and meshes that the data planes stand for: each plane's folder has them in <c>{Name}Crds.yaml</c>.</summary>
public static class GatewayCrds
{
    private const string Prefix = "gateway-crds/";

    /// <summary>Fresh objects, in the order of their file names.</summary>
    public static IReadOnlyList<JsonObject> All()
    {
        var assembly = typeof(GatewayCrds).Assembly;
        var result = new List<JsonObject>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            result.AddRange(YamlJson.ParseAll(reader.ReadToEnd()).OfType<JsonObject>());
        }

        return result;
    }
}
