using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Webhook.Metrics;

/// <summary>What the metrics show of one Canary.</summary>
internal sealed record CanaryFacts(CanaryKey Key, string Target, CanaryPhase Phase)
{
    public string TargetKind { get; init; } = "";

    /// <summary>As the spec names it; empty when the install's default applies.</summary>
    public string Provider { get; init; } = "";

    /// <summary><c>canary</c>, <c>blue-green</c> or <c>ab-testing</c> (contracts/routing-metrics.md 4).</summary>
    public string Strategy { get; init; } = "canary";

    public bool SkipsAnalysis { get; init; }

    /// <summary>The canary's share in percent.</summary>
    public int Weight { get; init; }

    public int FailedChecks { get; init; }

    public string? RunId { get; init; }

    public DateTimeOffset? LastTransition { get; init; }

    /// <summary>The last value of each metric that the Canary has, in the units of the contract: percent, seconds, or as the query gave it.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Measured { get; init; } = [];

    /// <summary>Ends of releases since this process first saw the Canary.</summary>
    public ReleaseCounts Releases { get; init; } = new();

    public static CanaryFacts Of(Canary canary)
    {
        var (spec, status) = (canary.Spec, canary.Status);
        return new(canary.Key, canary.TargetName, status.Phase)
        {
            TargetKind = spec.TargetRef.Kind,
            Provider = spec.Provider ?? "",
            Strategy = StrategyOf(spec.Analysis),
            SkipsAnalysis = spec.SkipAnalysis,
            Weight = status.CanaryWeight,
            FailedChecks = status.FailedChecks,
            RunId = status.RunId,
            LastTransition = status.LastTransitionTime,
            Measured = [.. spec.Analysis.Metrics.DistinctBy(m => m.Name).SelectMany(m => LastOf(m, status))],
        };
    }

    /// <summary>These facts with the ends of releases counted on from what was known before.</summary>
    public CanaryFacts After(CanaryFacts before)
    {
        var hasEnded = Phase is CanaryPhase.Succeeded or CanaryPhase.Failed && (before.Phase != Phase || before.RunId != RunId);
        return this with { Releases = hasEnded ? before.Releases.Add(Phase, SkipsAnalysis) : before.Releases };
    }

    private static string StrategyOf(AnalysisSpec analysis)
        => analysis.Iterations == 0 ? "canary" : analysis.HasMatch ? "ab-testing" : "blue-green";

    // Status keeps durations of built-in checks in milliseconds, as events print them.
    private static IEnumerable<KeyValuePair<string, double>> LastOf(MetricSpec metric, CanaryStatus status)
        => status.Measurements.LastOrDefault(m => m.Metric == metric.Name) is not { } last ? []
            : [new(metric.Name, metric is { Name: MetricSpec.Duration, Query: null, TemplateName: null } ? last.Value / 1000 : last.Value)];
}

/// <summary>Releases that ended.</summary>
internal sealed record ReleaseCounts(int Succeeded = 0, int Skipped = 0, int Failed = 0)
{
    public ReleaseCounts Add(CanaryPhase end, bool skipped)
        => end == CanaryPhase.Failed ? this with { Failed = Failed + 1 }
            : skipped ? this with { Skipped = Skipped + 1 }
            : this with { Succeeded = Succeeded + 1 };
}
