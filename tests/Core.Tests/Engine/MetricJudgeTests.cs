using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The texts of contracts/routing-metrics.md 2.4, which users match on.</summary>
public sealed class MetricJudgeTests
{
    private static readonly Canary Canary = Canary.From(World.CanaryObject());

    [Theory]
    [InlineData(MetricClass.SuccessRate, 69.17, """{"thresholdRange":{"min":99}}""", "success rate 69.17% < 99%")]
    [InlineData(MetricClass.SuccessRate, 99.9, """{"thresholdRange":{"min":90,"max":99.5}}""", "success rate 99.90% > 99.5%")]
    [InlineData(MetricClass.SuccessRate, 98.999, """{"threshold":99}""", "success rate 99.00% < 99%")]
    [InlineData(MetricClass.SuccessRate, double.NegativeInfinity, """{"thresholdRange":{"min":99}}""", "success rate -Inf% < 99%")]
    [InlineData(MetricClass.Duration, 515, """{"thresholdRange":{"max":500}}""", "request duration 515ms > 500ms")]
    [InlineData(MetricClass.Duration, 1515, """{"thresholdRange":{"max":500}}""", "request duration 1.515s > 500ms")]
    [InlineData(MetricClass.Duration, 90000, """{"thresholdRange":{"max":60000}}""", "request duration 1m30s > 1m0s")]
    [InlineData(MetricClass.Duration, 0.9, """{"thresholdRange":{"min":5}}""", "request duration 0s < 5ms")]
    [InlineData(MetricClass.Duration, 501, """{"threshold":500}""", "request duration 501ms > 500ms")]
    [InlineData(MetricClass.Duration, 1, "{}", "request duration 1ms > 0s")]
    [InlineData(MetricClass.Duration, double.PositiveInfinity, """{"thresholdRange":{"max":500}}""", "request duration +Inf > 500ms")]
    [InlineData(MetricClass.Template, 1.2, """{"thresholdRange":{"max":0.5}}""", "latency 1.20 > 0.5")]
    [InlineData(MetricClass.Template, 0.001, """{"thresholdRange":{"min":1}}""", "latency 0.00 < 1")]
    [InlineData(MetricClass.Template, 1, "{}", "latency 1.00 > 0")]
    [InlineData(MetricClass.Inline, 7, """{"threshold":5}""", "latency 7.00 > 5")]
    [InlineData(MetricClass.Inline, double.PositiveInfinity, """{"thresholdRange":{"max":1e21}}""", "latency +Inf > 1e+21")]
    public void Value_OutOfItsBounds_FailsWithTheContractsText(MetricClass kind, double value, string bounds, string text)
    {
        var verdict = MetricJudge.Judge(Canary, Answer(kind, bounds, new MetricSample.Value(value)));

        (verdict.Outcome, verdict.Text).ShouldBe((MetricOutcome.Failed, $"Halt podinfo.test advancement {text}"));
    }

    [Theory]
    [InlineData(MetricClass.SuccessRate, 99, """{"thresholdRange":{"min":99}}""")]
    [InlineData(MetricClass.SuccessRate, 99, """{"thresholdRange":{"max":99}}""")]
    [InlineData(MetricClass.SuccessRate, 99, """{"threshold":99}""")]
    [InlineData(MetricClass.SuccessRate, 0, """{"thresholdRange":{}}""")]
    [InlineData(MetricClass.SuccessRate, 50, """{"thresholdRange":{"min":10},"threshold":99}""")]
    [InlineData(MetricClass.Duration, 500.9, """{"thresholdRange":{"max":500}}""")]
    [InlineData(MetricClass.Template, 0.5, """{"thresholdRange":{"min":0.5,"max":0.5}}""")]
    public void Value_OnItsBounds_Passes(MetricClass kind, double value, string bounds)
        => MetricJudge.Judge(Canary, Answer(kind, bounds, new MetricSample.Value(value))).ShouldSatisfyAllConditions(
            v => v.Outcome.ShouldBe(MetricOutcome.Passed),
            v => v.Text.ShouldBeEmpty(),
            v => v.Bound.ShouldBeNull());

    [Fact]
    public void Duration_InSeconds_IsJudgedInMilliseconds()
    {
        var answer = Answer(MetricClass.Duration, """{"thresholdRange":{"max":500}}""", new MetricSample.Value(0.7519)) with { Unit = TimeSpan.FromSeconds(1) };

        var verdict = MetricJudge.Judge(Canary, answer);
        (verdict.Text, verdict.Value, verdict.Bound).ShouldBe(("Halt podinfo.test advancement request duration 751ms > 500ms", 751, "> 500"));
    }

    [Theory]
    [InlineData(MetricClass.SuccessRate, "Halt advancement no values found for fake metric request-success-rate probably podinfo.test is not receiving traffic: running query failed: no values found")]
    [InlineData(MetricClass.Duration, "Halt advancement no values found for fake metric request-duration probably podinfo.test is not receiving traffic")]
    [InlineData(MetricClass.Inline, "Halt advancement no values found for metric: latency")]
    [InlineData(MetricClass.Template, "Halt advancement no values found for custom metric: latency: no values found")]
    public void NoData_AndNotANumber_SayThatNothingWasFound(MetricClass kind, string text)
    {
        foreach (var sample in new MetricSample[] { new MetricSample.NoData("no values found"), new MetricSample.Value(double.NaN) })
        {
            var verdict = MetricJudge.Judge(Canary, Answer(kind, """{"thresholdRange":{"min":1}}""", sample));
            (verdict.Outcome, verdict.Text, verdict.Value).ShouldBe((MetricOutcome.NoData, text, null));
        }
    }

    [Theory]
    [InlineData(MetricClass.SuccessRate, false, "Prometheus query failed: running query failed: refused")]
    [InlineData(MetricClass.Duration, true, "Prometheus query failed: refused")]
    [InlineData(MetricClass.Inline, false, "Prometheus query failed for latency: refused")]
    [InlineData(MetricClass.Template, false, "Metric query failed for latency: refused")]
    [InlineData(MetricClass.Template, true, "refused")]
    public void Error_SaysWhatFailed(MetricClass kind, bool isImpossible, string text)
    {
        var verdict = MetricJudge.Judge(Canary, Answer(kind, "{}", new MetricSample.Error("refused")) with { IsImpossible = isImpossible });

        (verdict.Outcome, verdict.Text).ShouldBe((MetricOutcome.Error, text));
    }

    private static MetricAnswer Answer(MetricClass kind, string bounds, MetricSample sample)
    {
        var json = JsonNode.Parse(bounds)!;
        json["name"] = kind switch { MetricClass.SuccessRate => MetricSpec.SuccessRate, MetricClass.Duration => MetricSpec.Duration, _ => "latency" };
        return new(MetricSpec.Read(json), kind, sample, "fake");
    }
}
