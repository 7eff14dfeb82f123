using System.Reflection;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Cli;

/// <summary>The objects of the guides, one folder a provider below <c>examples/</c>, carried inside the program. <see cref="GuideScript"/> says what else their readers do.</summary>
internal static class Guides
{
    private const string Prefix = "examples/";

    /// <summary>Providers that have a guide to run.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. GuideScript.All.Select(s => s.Provider)];

    /// <summary>A provider's folder: a colon is no part of a file name everywhere.</summary>
    internal static string FolderOf(string provider) => provider.Replace(':', '-');

    /// <summary>The objects that the guide applies before the first release, in its order: the files whose names begin with a digit.</summary>
    internal static IReadOnlyList<JsonObject> Objects(string provider)
        => [.. Resources().Where(name => name.StartsWith($"{Prefix}{FolderOf(provider)}/", StringComparison.Ordinal) && IsApplied(name))
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
