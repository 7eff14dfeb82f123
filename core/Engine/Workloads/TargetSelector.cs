using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>Finds the label that selects the target's pods (contracts/core.md 4.1).</summary>
public static class TargetSelector
{
    /// <summary>The first of the keys that the target's <c>spec.selector.matchLabels</c> has; null when it has none of them.</summary>
    public static PodSelector? Of(JsonObject target, IReadOnlyList<string> keys)
    {
        var labels = target.Map("spec", "selector", "matchLabels");
        return keys.Where(labels.ContainsKey).Select(key => new PodSelector(key, labels[key])).FirstOrDefault();
    }
}
