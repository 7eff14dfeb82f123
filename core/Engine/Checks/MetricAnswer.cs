using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>One metric's measurement. An entry of the spec can bring several (contracts/routing-metrics.md 2.1).</summary>
/// <param name="QueryProvider">Name of the query set, as the contract's texts print it.</param>
public sealed record MetricAnswer(MetricSpec Metric, MetricClass Class, MetricSample Sample, string QueryProvider)
{
    /// <summary>What one unit of a duration's sample is.</summary>
    public TimeSpan Unit { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The query could not even be asked; the sample says why.</summary>
    public bool IsImpossible { get; init; }
}

public enum MetricClass
{
    SuccessRate,
    Duration,
    Inline,
    Template,
}
