using System.Reflection;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Cli;

/// <summary>The objects of the guides, one folder a provider below <c>examples/</c>, carried inside the program.</summary>
internal static class Guides
{
    private const string Prefix = "examples/";

    /// <summary>Providers that have a guide to run: folders with at least one file whose name begins with a digit.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        [.. Resources().Where(IsApplied).Select(name => name[Prefix.Length..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The objects that the guide applies before the first release, in its order: the files whose names begin with a digit.</summary>
    internal static IReadOnlyList<JsonObject> Objects(string provider)
        => [.. Resources().Where(name => name.StartsWith($"{Prefix}{provider}/", StringComparison.Ordinal) && IsApplied(name))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => YamlJson.ParseAll(Read(name)))
            .OfType<JsonObject>()];

    private static bool IsApplied(string name) => char.IsAsciiDigit(name.Split('/')[^1][0]);

    private static IEnumerable<string> Resources()
        => Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
