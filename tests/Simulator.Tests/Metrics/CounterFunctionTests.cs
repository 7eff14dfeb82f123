using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class CounterFunctionTests
{
    [Fact]
    public void Increase_WithSamplesOnBothEnds_IsTheDifference()
    {
        var series = new TestSeries().Every(15, "c", 0, 10, 20, 30, 40);
        series.Value("increase(c[1m])", 60).ShouldBe(40, 1e-9);
        series.Value("rate(c[1m])", 60).ShouldBe(40 / 60.0, 1e-9);
    }

    [Fact]
    public void Increase_WithSamplesNearTheEnds_IsExtrapolatedToThem()
    {
        // 30 in 45 s; 10 s and 5 s to the ends are less than 1.1 distances of 15 s: 30 * 60/45.
        var series = new TestSeries().At("c", 10, 100).At("c", 25, 110).At("c", 40, 120).At("c", 55, 130);
        series.Value("increase(c[1m])", 60).ShouldBe(40, 1e-9);
        series.Value("rate(c[1m])", 60).ShouldBe(40 / 60.0, 1e-9);
    }

    [Fact]
    public void Increase_WithSamplesFarFromTheEnds_IsExtrapolatedByHalfADistance() =>
        // 3 in 15 s, plus 7.5 s on either side.
        new TestSeries().At("c", 20, 5).At("c", 35, 8).Value("increase(c[1m])", 60).ShouldBe(6, 1e-9);

    [Fact]
    public void Increase_OfAYoungCounter_IsNotExtrapolatedBelowZero() =>
        // From 1 it takes 5 s back to zero at 3 in 15 s; then 7.5 s at the other end.
        new TestSeries().At("c", 10, 1).At("c", 25, 4).Value("increase(c[1m])", 60).ShouldBe(3 * 27.5 / 15, 1e-9);

    [Fact]
    public void Delta_OfAGauge_IsExtrapolatedBelowZero() =>
        new TestSeries().At("g", 10, 1).At("g", 25, 4).Value("delta(g[1m])", 60).ShouldBe(3 * (15 + 10 + 7.5) / 15, 1e-9);

    [Fact]
    public void Increase_OverAReset_CountsWhatCameBeforeAndAfter() =>
        new TestSeries().Every(20, "c", 100, 110, 5, 15).Value("increase(c[1m])", 60).ShouldBe(25, 1e-9);

    [Fact]
    public void Rate_OfOneSample_IsEmpty() =>
        new TestSeries().At("c", 10, 100).Elements("rate(c[1m])", 60).ShouldBeEmpty();

    [Fact]
    public void Rate_IgnoresSamplesOutsideTheWindow_AndDropsTheName() =>
        new TestSeries().At("c{a=\"b\"}", -1, 0).Every(60, "c{a=\"b\"}", 500, 560).At("c{a=\"b\"}", 61, 9000)
            .Elements("rate(c[1m])", 60).ShouldBe(["{a=\"b\"} 1"]);

    [Fact]
    public void Irate_UsesTheLastTwoSamples_AndCountsAResetFromZero()
    {
        new TestSeries().Every(15, "c", 0, 1000, 1000, 1030).Value("irate(c[1m])", 45).ShouldBe(2, 1e-9);
        new TestSeries().Every(15, "c", 0, 1000, 30).Value("irate(c[1m])", 30).ShouldBe(2, 1e-9);
        new TestSeries().Every(15, "g", 10, 4).Value("idelta(g[1m])", 30).ShouldBe(-6, 1e-9);
    }

    [Fact]
    public void Deriv_OfALine_IsItsSlope_AndPredictLinearFollowsIt()
    {
        var series = new TestSeries().Every(15, "g", 100, 130, 160, 190);
        series.Value("deriv(g[1m])", 45).ShouldBe(2, 1e-9);
        series.Value("predict_linear(g[1m], 30)", 50).ShouldBe(100 + (2 * 80), 1e-6);
        new TestSeries().Every(15, "g", 7, 7, 7).Value("deriv(g[1m])", 45).ShouldBe(0);
    }

    [Fact]
    public void ChangesAndResets_CountPairsOfNeighbours()
    {
        var series = new TestSeries().Every(10, "c", 1, 1, 5, 2, double.NaN, double.NaN, 3);
        series.Value("changes(c[2m])", 60).ShouldBe(4);
        series.Value("resets(c[2m])", 60).ShouldBe(1);
    }

    [Fact]
    public void Rate_OfTwoMetricsWithTheSameLabels_IsAnError() =>
        Should.Throw<PromQlExecutionException>(() => new TestSeries().Counter("a_total", 1).Counter("b_total", 1).Query("rate({__name__=~\".+_total\"}[1m])"))
            .Message.ShouldBe("vector cannot contain metrics with the same labelset");
}
