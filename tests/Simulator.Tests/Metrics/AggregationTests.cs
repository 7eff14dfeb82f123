using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class AggregationTests
{
    private static readonly TestSeries Series = new TestSeries()
        .At("m{pod=\"a\",zone=\"1\"}", 0, 2).At("m{pod=\"b\",zone=\"1\"}", 0, 4).At("m{pod=\"c\",zone=\"2\"}", 0, 9);

    [Theory]
    [InlineData("sum(m)", "{} 15")]
    [InlineData("avg(m)", "{} 5")]
    [InlineData("min(m)", "{} 2")]
    [InlineData("max(m)", "{} 9")]
    [InlineData("count(m)", "{} 3")]
    [InlineData("group(m)", "{} 1")]
    [InlineData("stdvar(m)", "{} 8.666666667")]
    [InlineData("stddev(m) ^ 2", "{} 8.666666667")]
    [InlineData("quantile(0.5, m)", "{} 4")]
    [InlineData("quantile(0.25, m)", "{} 3")]
    [InlineData("sum by (zone) (m)", "{zone=\"1\"} 6", "{zone=\"2\"} 9")]
    [InlineData("sum without (pod) (m)", "{zone=\"1\"} 6", "{zone=\"2\"} 9")]
    [InlineData("sum by (none) (m)", "{} 15")]
    [InlineData("topk(2, m)", "m{pod=\"b\", zone=\"1\"} 4", "m{pod=\"c\", zone=\"2\"} 9")]
    [InlineData("topk by (zone) (1, m)", "m{pod=\"b\", zone=\"1\"} 4", "m{pod=\"c\", zone=\"2\"} 9")]
    [InlineData("bottomk(1, m)", "m{pod=\"a\", zone=\"1\"} 2")]
    [InlineData("topk(0, m)")]
    [InlineData("count_values(\"v\", m > bool 3)", "{v=\"0\"} 1", "{v=\"1\"} 2")]
    [InlineData("count_values by (zone) (\"v\", m > bool 3)", "{v=\"0\", zone=\"1\"} 1", "{v=\"1\", zone=\"1\"} 1", "{v=\"1\", zone=\"2\"} 1")]
    [InlineData("sum(nothing)")]
    public void Aggregation_OfAVector_GivesTheseElements(string query, params string[] expected) => Series.Elements(query, 0).ShouldBe(expected);

    [Fact]
    public void Topk_OfAVector_OrdersBestFirst_WithNaNLast()
    {
        var series = new TestSeries().At("m{pod=\"a\"}", 0, 1).At("m{pod=\"b\"}", 0, double.NaN).At("m{pod=\"c\"}", 0, 3);
        ((VectorValue)series.Query("topk(3, m)", 0)).Samples.Select(s => s.Labels["pod"]).ShouldBe(["c", "a", "b"]);
        ((VectorValue)series.Query("bottomk(3, m)", 0)).Samples.Select(s => s.Labels["pod"]).ShouldBe(["a", "c", "b"]);
    }

    [Fact]
    public void MinAndMax_IgnoreNaN_UnlessThereIsNothingElse()
    {
        var series = new TestSeries().At("m{pod=\"a\"}", 0, double.NaN).At("m{pod=\"b\"}", 0, 3).At("m{pod=\"c\"}", 0, double.NaN).At("n", 0, double.NaN);
        series.Value("min(m)", 0).ShouldBe(3);
        series.Value("max(m)", 0).ShouldBe(3);
        series.Value("max(n)", 0).ShouldBe(double.NaN);
        series.Value("sum(m)", 0).ShouldBe(double.NaN);
    }
}
