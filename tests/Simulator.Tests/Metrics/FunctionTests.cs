using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class FunctionTests
{
    private static readonly TestSeries Series = new TestSeries()
        .Every(10, "g{pod=\"a-1\"}", 4, -2.5, 1, 7)
        .At("h{pod=\"a-1\"}", 30, -2.5).At("h{pod=\"b-2\"}", 30, 2.46).At("h{pod=\"c-3\"}", 30, double.NaN);

    [Theory]
    [InlineData("sum_over_time(g[1m])", 9.5)]
    [InlineData("avg_over_time(g[1m])", 2.375)]
    [InlineData("min_over_time(g[1m])", -2.5)]
    [InlineData("max_over_time(g[1m])", 7)]
    [InlineData("count_over_time(g[1m])", 4)]
    [InlineData("count_over_time(g[20s])", 3)]
    [InlineData("count_over_time(g[20s] offset 10s)", 3)]
    [InlineData("last_over_time(g[1m])", 7)]
    [InlineData("present_over_time(g[1m])", 1)]
    [InlineData("quantile_over_time(0.5, g[1m])", 2.5)]
    [InlineData("stdvar_over_time(g[1m])", 12.421875)]
    [InlineData("stddev_over_time(g[1m]) ^ 2", 12.421875)]
    [InlineData("max_over_time(g[20s:10s])", 7)]
    [InlineData("sum_over_time(vector(1)[30s:10s])", 4)]
    [InlineData("g offset 20s", -2.5)]
    [InlineData("vector(3)", 3)]
    [InlineData("scalar(g)", 7)]
    [InlineData("scalar(h)", double.NaN)]
    [InlineData("time()", (TestSeries.Epoch / 1000) + 30)]
    [InlineData("timestamp(g offset 5s)", (TestSeries.Epoch / 1000) + 20)]
    [InlineData("timestamp(g + 0)", (TestSeries.Epoch / 1000) + 30)]
    [InlineData("absent(nothing)", 1)]
    [InlineData("absent_over_time(nothing[1m])", 1)]
    [InlineData("clamp(g, 0, 5)", 5)]
    [InlineData("clamp_min(g, 10)", 10)]
    [InlineData("clamp_max(g, 3)", 3)]
    [InlineData("pi()", Math.PI)]
    public void Function_OfOneSeries_HasThisValue(string query, double expected) => Math.Round(Series.Value(query, 30), 6).ShouldBe(Math.Round(expected, 6));

    [Theory]
    [InlineData("abs(h)", "{pod=\"a-1\"} 2.5", "{pod=\"b-2\"} 2.46", "{pod=\"c-3\"} NaN")]
    [InlineData("ceil(h)", "{pod=\"a-1\"} -2", "{pod=\"b-2\"} 3", "{pod=\"c-3\"} NaN")]
    [InlineData("floor(h)", "{pod=\"a-1\"} -3", "{pod=\"b-2\"} 2", "{pod=\"c-3\"} NaN")]
    [InlineData("round(h)", "{pod=\"a-1\"} -2", "{pod=\"b-2\"} 2", "{pod=\"c-3\"} NaN")]
    [InlineData("round(h, 0.1)", "{pod=\"a-1\"} -2.5", "{pod=\"b-2\"} 2.5", "{pod=\"c-3\"} NaN")]
    [InlineData("sgn(h)", "{pod=\"a-1\"} -1", "{pod=\"b-2\"} 1", "{pod=\"c-3\"} NaN")]
    [InlineData("h > 0", "h{pod=\"b-2\"} 2.46")]
    [InlineData("h == h", "h{pod=\"a-1\"} -2.5", "h{pod=\"b-2\"} 2.46")]
    [InlineData("clamp(h, 2, 1)")]
    [InlineData("absent(h)")]
    [InlineData("absent(nothing{a=\"b\",c=~\"d\",e=\"f\",e=\"g\"})", "{a=\"b\"} 1")]
    [InlineData("absent(sum(nothing{a=\"b\"}))", "{} 1")]
    [InlineData("label_replace(g, \"n\", \"$1/${num}/$$\", \"pod\", \"(?P<letter>.)-(?P<num>\\\\d)\")", "g{n=\"a/1/$\", pod=\"a-1\"} 7")]
    [InlineData("label_replace(g, \"n\", \"x\", \"pod\", \"a\")", "g{pod=\"a-1\"} 7")]
    [InlineData("label_replace(g, \"pod\", \"\", \"pod\", \".*\")", "g 7")]
    [InlineData("label_join(g, \"j\", \"-\", \"pod\", \"none\", \"pod\")", "g{j=\"a-1--a-1\", pod=\"a-1\"} 7")]
    [InlineData("last_over_time(g[1m])", "g{pod=\"a-1\"} 7")]
    public void Function_OfAVector_GivesTheseElements(string query, params string[] expected) => Series.Elements(query, 30).ShouldBe(expected);

    [Theory]
    [InlineData("sort(h)", "a-1", "b-2", "c-3")]
    [InlineData("sort_desc(h)", "b-2", "a-1", "c-3")]
    public void Sort_OfAVector_PutsNaNLast(string query, params string[] pods) =>
        ((VectorValue)Series.Query(query, 30)).Samples.Select(s => s.Labels["pod"]).ShouldBe(pods);

    [Theory]
    [InlineData("label_replace(g, \"a-b\", \"x\", \"pod\", \".*\")", "invalid destination label name in label_replace(): a-b")]
    [InlineData("label_replace(g, \"a\", \"x\", \"pod\", \"(\")", "invalid regular expression in label_replace(): (")]
    [InlineData("label_replace(h, \"pod\", \"x\", \"pod\", \".*\")", "vector cannot contain metrics with the same labelset")]
    [InlineData("count_values(\"a-b\", h)", "invalid label name \"a-b\"")]
    public void Function_ThatCannotAnswer_SaysWhy(string query, string message) =>
        Should.Throw<PromQlExecutionException>(() => Series.Query(query, 30)).Message.ShouldBe(message);
}
