using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// Changes of a Canary's spec that its objects cannot follow. During a release they are denied: weights would be written to one place and read from another.
/// At rest they are followed, and leave something behind.
/// </summary>
internal static class RunningRelease
{
    // What a release is bound to while it runs, and how it is read with its default.
    private static readonly (string Path, Func<Canary, CanaryOptions, string> Read)[] Bound =
    [
        ("spec.provider", (c, o) => c.Spec.Provider ?? o.MeshProvider ?? ""),
        ("spec.targetRef.kind", (c, _) => c.Spec.TargetRef.Kind),
        ("spec.targetRef.name", (c, _) => c.TargetName),
        ("spec.autoscalerRef.kind", (c, _) => c.Spec.AutoscalerRef?.Reference.Kind ?? ""),
        ("spec.autoscalerRef.name", (c, _) => c.Spec.AutoscalerRef?.Reference.Name ?? ""),
        ("spec.ingressRef.name", (c, _) => c.Spec.IngressRef?.Name ?? ""),
        ("spec.routeRef.name", (c, _) => c.Spec.RouteRef?.Name ?? ""),
        ("spec.upstreamRef.name", (c, _) => c.Spec.UpstreamRef?.Name ?? ""),
        ("spec.upstreamRef.namespace", (c, _) => c.Spec.UpstreamRef?.Namespace ?? ""),
        ("spec.service.name", (c, _) => c.ApexService),
        ("spec.service.port", (c, _) => $"{c.Spec.Service.Port}"),
        ("spec.analysis", (c, _) => Strategy(c.Spec.Analysis)),
    ];

    /// <summary>What is denied while a release is under way; none at rest. A value that is no use can always be mended.</summary>
    /// <param name="oldProblems">What is wrong with the old object.</param>
    public static IEnumerable<SpecProblem> Problems(JsonObject raw, JsonObject rawOld, CanaryOptions options, Func<IReadOnlyList<SpecProblem>> oldProblems)
    {
        var old = Canary.From(rawOld);
        if (!PhaseTransitions.IsRunning(old.Status.Phase))
        {
            return [];
        }

        var changes = Changes(Canary.From(raw), old, options).ToList();
        var broken = changes.Count == 0 ? [] : oldProblems().Select(p => p.Path).ToList();
        return changes.Where(c => !broken.Any(b => b == c.Path || b.StartsWith($"{c.Path}.", StringComparison.Ordinal)))
            .Select(c => new SpecProblem(c.Path, c.New, $"cannot change from {Shown(c.Old)} during a release (phase {old.Status.Phase}, canary weight {old.Status.CanaryWeight}); "
                + "wait for its end, or end it by setting the target back to the promoted revision."));
    }

    /// <summary>What a change at rest leaves behind.</summary>
    public static IEnumerable<SpecProblem> Warnings(JsonObject raw, JsonObject rawOld, CanaryOptions options)
    {
        var (canary, old) = (Canary.From(raw), Canary.From(rawOld));
        if (old.Status.Phase == CanaryPhase.None || PhaseTransitions.IsRunning(old.Status.Phase))
        {
            yield break;
        }

        foreach (var (path, before, after) in Changes(canary, old, options))
        {
            var left = path switch
            {
                "spec.targetRef.name" => $"{old.TargetName} stays without pods and {old.PrimaryName} goes on running; to get {old.TargetName} back as it was, delete the Canary and make a new one.",
                "spec.service.name" => $"the Services {old.ApexService}, {old.PrimaryService} and {old.CanaryService} stay and lead where they led; delete them when nothing calls them any more.",
                "spec.provider" => "the routes that were made for it stay; delete them when nothing uses them any more.",
                _ => null,
            };
            if (left is not null)
            {
                yield return new(path, after, $"replaces {Shown(before)}: {left}");
            }
        }
    }

    private static IEnumerable<(string Path, string Old, string New)> Changes(Canary canary, Canary old, CanaryOptions options)
        => Bound.Select(b => (b.Path, Old: b.Read(old, options), New: b.Read(canary, options)))
            .Where(c => c.Old != c.New && (c.Path != "spec.service.name" || canary.Spec.Service.Name is not null || old.Spec.Service.Name is not null));

    private static string Shown(string value) => value.Length == 0 ? "nothing" : $"'{value}'";

    private static string Strategy(AnalysisSpec analysis)
        => analysis.Iterations == 0 ? "weights" : analysis.HasMatch ? "A/B testing" : "blue/green";
}
