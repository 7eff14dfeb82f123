using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>
/// Spread constraints and anti-affinity terms that select the target's own pods must select the primary's in the copy (contracts/core.md 4.1): wherever a
/// selector label has the target's value, or its name, it gets the <c>-primary</c> suffix.
/// </summary>
internal static class PrimaryAffinity
{
    internal static void Rewrite(JsonObject template, PodSelector selector, IReadOnlyList<string> keys, string targetName)
    {
        var spec = template["spec"];
        var terms = spec.ListAt("topologySpreadConstraints").Select(c => c.At("labelSelector"))
            .Concat(spec.ListAt("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution").Select(t => t.At("labelSelector")))
            .Concat(spec.ListAt("affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution").Select(t => t.At("podAffinityTerm", "labelSelector")));
        foreach (var term in terms.OfType<JsonObject>().ToList())
        {
            RewriteLabels(term, keys, Selects);
            RewriteExpressions(term, keys, Selects);
        }

        bool Selects(string? value) => value == selector.Value || value == targetName;
    }

    private static void RewriteLabels(JsonObject term, IReadOnlyList<string> keys, Func<string?, bool> selects)
    {
        var labels = term.ObjectAt("matchLabels");
        foreach (var key in keys.Where(k => selects(labels.Text(k))))
        {
            labels![key] = $"{labels.Text(key)}-primary";
        }
    }

    private static void RewriteExpressions(JsonObject term, IReadOnlyList<string> keys, Func<string?, bool> selects)
    {
        foreach (var expression in term.ListAt("matchExpressions").Where(e => keys.Contains(e.Text("key"))))
        {
            var values = expression.At("values") as JsonArray ?? [];
            for (var i = 0; i < values.Count; i++)
            {
                if (selects(values[i].Text()))
                {
                    values[i] = $"{values[i].Text()}-primary";
                }
            }
        }
    }
}
