using System.Reflection;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Cli.Playground;

/// <summary>
/// The rights that the product has on the embedded cluster: those of infra/kustomize/outside, carried inside the program, so that a right that is missing there is
/// missing in the demo and in every scenario.
/// </summary>
internal static class ProductAccess
{
    internal const string Namespace = "flagger-system";
    internal const string Account = "flagger";

    private const string BasePrefix = "base/";
    private const string OutsidePrefix = "outside/";

    /// <summary>What a process outside the cluster needs, as this one is.</summary>
    internal static IReadOnlyList<JsonObject> Objects() => [.. Base(), .. Read(OutsidePrefix)];

    /// <summary>The service account, its roles and bindings of infra/kustomize/base.</summary>
    internal static IEnumerable<JsonObject> Base() => Read(BasePrefix);

    private static IEnumerable<JsonObject> Read(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            foreach (var item in YamlJson.ParseAll(reader.ReadToEnd()).OfType<JsonObject>())
            {
                yield return item;
            }
        }
    }
}
