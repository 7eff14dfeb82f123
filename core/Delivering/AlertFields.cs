using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;

namespace CanaryFunctions.Core.Delivering;

/// <summary>The facts that go with an alert (contracts/hooks-alerts.md 2.2), and who started the release, which is ours.</summary>
internal static class AlertFields
{
    /// <param name="runId">The release that the alert is about; by now another may have begun.</param>
    internal static IReadOnlyList<AlertField> Of(Canary canary, string? runId, string clusterName, bool withMetadata)
    {
        var fields = new List<AlertField>();
        if (clusterName.Length > 0)
        {
            fields.Add(new("Cluster", clusterName));
        }

        if (!withMetadata)
        {
            return fields;
        }

        var spec = canary.Spec;
        fields.Add(new("Target", $"{spec.TargetRef.Kind}/{canary.TargetName}.{canary.Namespace}"));
        fields.Add(new("Failed checks threshold", $"{spec.Analysis.Threshold}"));
        fields.Add(new("Progress deadline", $"{spec.ProgressDeadline.TotalSeconds:0}s"));
        if (Routing(spec.Analysis) is { } routing)
        {
            fields.Add(new("Traffic routing", routing));
        }

        if (canary.Status.StartedBy is { } user && canary.Status.RunId == runId)
        {
            fields.Add(new("Started by", user));
        }

        return fields;
    }

    private static string? Routing(AnalysisSpec analysis)
        => analysis.Iterations > 0 ? (analysis.HasMatch ? "A/B Testing" : "Blue/Green")
            : analysis.StepWeight > 0 ? $"Weight step: {analysis.StepWeight} max: {analysis.MaxWeight}"
            : analysis.StepWeights.Count > 0 ? $"Weight steps: {string.Join(',', analysis.StepWeights)} max: {analysis.MaxWeight}"
            : null;
}
