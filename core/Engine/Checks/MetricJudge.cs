using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>Holds a measurement against its bounds, in the contract's words (contracts/routing-metrics.md 2.4). Pure.</summary>
public static class MetricJudge
{
    public static MetricVerdict Judge(Canary canary, MetricAnswer answer) => answer.Sample switch
    {
        // No bound is violated by what is no number, but nothing is shown by it either.
        MetricSample.Value { Number: double.NaN } => new(MetricOutcome.NoData, NoDataText(canary, answer, "no values found"), null, null),
        MetricSample.Value value => JudgeValue(canary, answer, value.Number),
        MetricSample.NoData none => new(MetricOutcome.NoData, NoDataText(canary, answer, none.Text), null, null),
        MetricSample.Error error => new(MetricOutcome.Error, ErrorText(answer, error.Text), null, null),
        _ => throw new InvalidOperationException($"metric {answer.Metric.Name}: unknown sample {answer.Sample}"),
    };

    private static MetricVerdict JudgeValue(Canary canary, MetricAnswer answer, double value)
    {
        var measured = answer.Class == MetricClass.Duration ? ToMilliseconds(answer, value) : value;
        var bound = Violated(answer, measured);
        if (bound is null)
        {
            return new(MetricOutcome.Passed, "", measured, null);
        }

        var (sign, limit) = bound.Value;
        var text = answer.Class switch
        {
            MetricClass.SuccessRate => $"success rate {GoNumber.TwoDecimals(measured)}% {sign} {GoNumber.Shortest(limit)}%",
            MetricClass.Duration => $"request duration {Milliseconds(measured)} {sign} {Milliseconds(limit)}",
            _ => $"{answer.Metric.Name} {GoNumber.TwoDecimals(measured)} {sign} {GoNumber.Shortest(limit)}",
        };
        return new(MetricOutcome.Failed, $"Halt {canary.Key} advancement {text}", measured, $"{sign} {GoNumber.Shortest(limit)}");
    }

    // Bounds are inclusive. The deprecated threshold is a minimum for the success rate and a maximum for everything else.
    private static (char Sign, double Limit)? Violated(MetricAnswer answer, double value)
    {
        if (answer.Metric.Range is { } range)
        {
            return value < range.Min ? ('<', range.Min.Value)
                : value > range.Max ? ('>', range.Max.Value)
                : null;
        }

        var threshold = answer.Metric.Threshold;
        return answer.Class == MetricClass.SuccessRate
            ? (value < threshold ? ('<', threshold) : null)
            : (value > threshold ? ('>', threshold) : null);
    }

    private static double ToMilliseconds(MetricAnswer answer, double value)
        => double.IsFinite(value) ? Math.Truncate(value * answer.Unit.TotalMilliseconds) : value;

    private static string Milliseconds(double milliseconds)
        => double.IsFinite(milliseconds) ? GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds)) : GoNumber.Shortest(milliseconds);

    private static string NoDataText(Canary canary, MetricAnswer answer, string text) => answer.Class switch
    {
        MetricClass.SuccessRate =>
            $"Halt advancement no values found for {answer.QueryProvider} metric {answer.Metric.Name} probably {Target(canary)} is not receiving traffic: running query failed: {text}",
        MetricClass.Duration =>
            $"Halt advancement no values found for {answer.QueryProvider} metric {answer.Metric.Name} probably {Target(canary)} is not receiving traffic",
        MetricClass.Inline => $"Halt advancement no values found for metric: {answer.Metric.Name}",
        _ => $"Halt advancement no values found for custom metric: {answer.Metric.Name}: {text}",
    };

    private static string ErrorText(MetricAnswer answer, string text) => answer.Class switch
    {
        MetricClass.SuccessRate or MetricClass.Duration when !answer.IsImpossible => $"Prometheus query failed: running query failed: {text}",
        MetricClass.SuccessRate or MetricClass.Duration => $"Prometheus query failed: {text}",
        MetricClass.Inline => $"Prometheus query failed for {answer.Metric.Name}: {text}",
        _ when answer.IsImpossible => text,
        _ => $"Metric query failed for {answer.Metric.Name}: {text}",
    };

    private static string Target(Canary canary) => $"{canary.TargetName}.{canary.Namespace}";
}

/// <summary>What a measurement says.</summary>
/// <param name="Text">The event's text; empty when it passed.</param>
/// <param name="Value">The value, durations in milliseconds; null when there is none.</param>
/// <param name="Bound">The violated bound, such as <c>&lt; 99</c>.</param>
public sealed record MetricVerdict(MetricOutcome Outcome, string Text, double? Value, string? Bound);

public enum MetricOutcome
{
    Passed,

    /// <summary>Out of bounds: the application is bad.</summary>
    Failed,

    /// <summary>No values: perhaps nothing reaches the canary.</summary>
    NoData,

    /// <summary>The question failed: says nothing about the application.</summary>
    Error,
}
