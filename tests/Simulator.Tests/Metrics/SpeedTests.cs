using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class SpeedTests
{
    [Theory]
    [InlineData("rate(c[1m])")]
    [InlineData("increase(c[5m])")]
    [InlineData("increase(c[90s] offset 2m)")]
    [InlineData("irate(c[1m])")]
    [InlineData("deriv(c[2m])")]
    [InlineData("predict_linear(c[2m], 60)")]
    [InlineData("histogram_quantile(0.9, sum by (le) (rate(b[1m])))")]
    [InlineData("count_over_time(c[3m])")]
    [InlineData("avg_over_time(c[3m:30s])")]
    [InlineData("sum(c offset 4m)")]
    [InlineData("c")]
    public void Query_AtSpeedTwenty_IsThatOfTheStretchedSeries(string query)
    {
        var (real, scaled) = (Fill(new TestSeries()), Fill(new TestSeries(speed: 20)));
        foreach (var second in new[] { 0, 61, 300, 599, 750, 901 })
        {
            scaled.Elements(query, second).ShouldBe(real.Elements(query, second));
        }
    }

    [Fact]
    public void Rate_OfTwentyRequestsANominalSecond_IsTwenty()
    {
        // Sent at 400 a second of wall time: 20 times 20.
        var series = new TestSeries(speed: 20).Counter("c", 20 * 15);
        series.Value("rate(c[1m])").ShouldBe(20, 1e-9);
        series.Value("increase(c[1m])").ShouldBe(1200, 1e-6);
    }

    [Fact]
    public void Lookback_AtSpeedTwenty_IsFiveNominalMinutes()
    {
        var series = new TestSeries(speed: 20).At("g", 0, 1);
        series.Elements("g", 299).ShouldBe(["g 1"]);
        series.Elements("g", 301).ShouldBeEmpty();
    }

    [Fact]
    public void Times_AtSpeedTwenty_AreThoseOfTheWall()
    {
        var series = new TestSeries(speed: 20).Every(15, "g", 1, 2, 3);
        series.Value("time()", 40).ShouldBe((TestSeries.Epoch / 1000.0) + 2);
        series.Value("timestamp(g)", 40).ShouldBe((TestSeries.Epoch / 1000.0) + 1.5);
        ((MatrixValue)series.Query("g[1m]", 40)).Series.Single().Points.Select(point => point.TimeMs - TestSeries.Epoch).ShouldBe([0, 750, 1500]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Speed_ThatIsNoSpeed_IsRefused(double speed) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new PromQlEngine(new TestSeries().Store, new PromQlOptions { Speed = speed }));

    private static TestSeries Fill(TestSeries series) => series
        .Counter("c", 30)
        .Counter("b{le=\"1\"}", 5).Counter("b{le=\"2\"}", 9).Counter("b{le=\"+Inf\"}", 10);
}
