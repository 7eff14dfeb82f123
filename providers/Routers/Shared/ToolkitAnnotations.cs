using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Shared;

/// <summary>
/// What tells Flux to leave an object alone (contracts/routing-metrics.md 1.3): a controller that applies the user's sources must neither prune nor revert what it
/// did not write.
/// </summary>
internal static class ToolkitAnnotations
{
    private static readonly (string Key, string Value)[] All =
        [("helm.toolkit.fluxcd.io/driftDetection", "disabled"), ("kustomize.toolkit.fluxcd.io/reconcile", "disabled")];

    public static void Add(JsonObject obj)
    {
        foreach (var (key, value) in All)
        {
            obj.Metadata().Section("annotations")[key] = value;
        }
    }

    public static void Remove(JsonObject obj)
    {
        foreach (var (key, _) in All)
        {
            Annotations.Remove(obj, key);
        }
    }
}
