using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class VectorMatchingTests
{
    private static readonly TestSeries Series = new TestSeries()
        .At("req{pod=\"a\",code=\"200\"}", 0, 90).At("req{pod=\"a\",code=\"500\"}", 0, 10).At("req{pod=\"b\",code=\"200\"}", 0, 50)
        .At("info{pod=\"a\",version=\"v1\"}", 0, 1).At("info{pod=\"c\",version=\"v2\"}", 0, 1)
        .At("up{pod=\"a\"}", 0, 1).At("up{pod=\"b\"}", 0, 0);

    [Theory]
    [InlineData("up + 1", "{pod=\"a\"} 2", "{pod=\"b\"} 1")]
    [InlineData("1 / up", "{pod=\"a\"} 1", "{pod=\"b\"} +Inf")]
    [InlineData("up == 1", "up{pod=\"a\"} 1")]
    [InlineData("0 == up", "up{pod=\"b\"} 0")]
    [InlineData("1 > up", "up{pod=\"b\"} 0")]
    [InlineData("up > bool 0.5", "{pod=\"a\"} 1", "{pod=\"b\"} 0")]
    [InlineData("-up", "{pod=\"a\"} -1", "{pod=\"b\"} -0")]
    [InlineData("req{code=\"200\"} / ignoring(code) up", "{pod=\"a\"} 90", "{pod=\"b\"} +Inf")]
    [InlineData("req{code=\"200\"} - on(pod) up", "{pod=\"a\"} 89", "{pod=\"b\"} 50")]
    [InlineData("req{code=\"500\"} / ignoring(code) req{code=\"200\"}", "{pod=\"a\"} 0.111111111")]
    [InlineData("req * on(pod) group_left(version) info", "{code=\"200\", pod=\"a\", version=\"v1\"} 90", "{code=\"500\", pod=\"a\", version=\"v1\"} 10")]
    [InlineData("info * on(pod) group_right(version) req", "{code=\"200\", pod=\"a\", version=\"v1\"} 90", "{code=\"500\", pod=\"a\", version=\"v1\"} 10")]
    [InlineData("req > ignoring(code) group_left up * 20", "req{code=\"200\", pod=\"a\"} 90", "req{code=\"200\", pod=\"b\"} 50")]
    [InlineData("req{code=\"200\"} > bool on(pod) up * 60", "{pod=\"a\"} 1", "{pod=\"b\"} 1")]
    [InlineData("up and on(pod) info", "up{pod=\"a\"} 1")]
    [InlineData("up unless on(pod) info", "up{pod=\"b\"} 0")]
    [InlineData("up or on(pod) info", "info{pod=\"c\", version=\"v2\"} 1", "up{pod=\"a\"} 1", "up{pod=\"b\"} 0")]
    [InlineData("up or vector(7)", "up{pod=\"a\"} 1", "up{pod=\"b\"} 0", "{} 7")]
    [InlineData("nothing or vector(0)", "{} 0")]
    [InlineData("sum(req) / sum(nothing)")]
    [InlineData("req + info")]
    public void Operator_BetweenVectors_GivesTheseElements(string query, params string[] expected) => Series.Elements(query, 0).ShouldBe(expected);

    [Theory]
    [InlineData("req * on(pod) up", "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")]
    [InlineData("up * on(pod) req", "found duplicate series for the match group {pod=\"a\"} on the right hand-side of the operation: "
        + "[{__name__=\"req\", code=\"500\", pod=\"a\"}, {__name__=\"req\", code=\"200\", pod=\"a\"}];"
        + "many-to-many matching not allowed: matching labels must be unique on one side")]
    [InlineData("label_replace(req, \"code\", \"\", \"code\", \".*\") * on(pod) group_left up", "vector cannot contain metrics with the same labelset")]
    public void Operator_BetweenAmbiguousVectors_SaysWhy(string query, string message) =>
        Should.Throw<PromQlExecutionException>(() => Series.Query(query, 0)).Message.ShouldBe(message);
}
