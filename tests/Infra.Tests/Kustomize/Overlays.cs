using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.TestKit;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Kustomize;

/// <summary>infra/kustomize, as kubectl renders it. Each folder is rendered once a run.</summary>
internal static class Overlays
{
    public const string Folder = "infra/kustomize";
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<JsonObject>>>> Rendered = new(StringComparer.Ordinal);

    /// <summary>What a user applies: every folder but the parts that these are made of.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Directory.GetDirectories(Checkout.PathOf(Folder)).Select(d => Path.GetFileName(d)!).Except(["base", "components"]).Order(StringComparer.Ordinal)];

    /// <summary>For a process outside the cluster there are rights only.</summary>
    public static IEnumerable<string> WithPods => All.Where(name => name != "outside");

    /// <summary>Folders that are rendered by themselves; components are not.</summary>
    public static IReadOnlyList<string> Renderable { get; } =
    [
        .. Checkout.Below("infra", "kustomization.y*ml")
            .Where(f => YamlText.Read(Checkout.Read(f))!["kind"]!.GetValue<string>() == "Kustomization")
            .Select(f => Path.GetDirectoryName(f)!.Replace('\\', '/')),
    ];

    /// <param name="folder">From the repository's root.</param>
    public static Task<IReadOnlyList<JsonObject>> RenderAsync(string folder) => Rendered.GetOrAdd(folder, f => new(() => RenderOnceAsync(Checkout.PathOf(f)))).Value;

    public static Task<IReadOnlyList<JsonObject>> OverlayAsync(string name) => RenderAsync($"{Folder}/{name}");

    /// <param name="path">A folder anywhere.</param>
    public static async Task<IReadOnlyList<JsonObject>> RenderOnceAsync(string path)
    {
        using var kubectl = new Kubectl("");
        return [.. YamlText.ReadAll(await kubectl.RunAsync("kustomize", path)).OfType<JsonObject>()];
    }
}
