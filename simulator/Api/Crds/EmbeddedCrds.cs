using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>The product's own CustomResourceDefinitions, as infra/crds has them.</summary>
public static class EmbeddedCrds
{
    private const string Prefix = "crds/";
    private static readonly Lazy<IReadOnlyList<JsonObject>> Parsed = new(Load);

    /// <summary>Fresh objects, in the order of their file names.</summary>
    public static IReadOnlyList<JsonObject> All() => [.. Parsed.Value.Select(c => (JsonObject)c.DeepClone())];

    private static List<JsonObject> Load()
    {
        var assembly = typeof(EmbeddedCrds).Assembly;
        var result = new List<JsonObject>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            result.AddRange(YamlJson.ParseAll(reader.ReadToEnd()).OfType<JsonObject>());
        }

        return result;
    }
}
