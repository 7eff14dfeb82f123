namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class HistogramQuantileTests
{
    private static TestSeries Buckets(params (string Le, double Count)[] buckets) =>
        buckets.Aggregate(new TestSeries(), (series, bucket) => series.At($"b{{le=\"{bucket.Le}\"}}", 0, bucket.Count));

    [Theory]
    [InlineData(0.5, 0.1)]      // rank 50 of 100: the end of the first bucket
    [InlineData(0.25, 0.05)]    // half of it
    [InlineData(0.7, 0.35)]     // half of the second
    [InlineData(0.95, 1)]       // in +Inf: the highest finite bound
    [InlineData(0.9, 0.6)]
    [InlineData(-0.1, double.NegativeInfinity)]
    [InlineData(1.1, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Quantile_OfAHistogram_IsLinearWithinTheBucket(double q, double expected)
    {
        var series = Buckets(("0.1", 50), ("0.6", 90), ("1", 90), ("+Inf", 100)).At("q", 0, q);
        Math.Round(series.Value("histogram_quantile(scalar(q), b)", 0), 9).ShouldBe(expected);
    }

    [Fact]
    public void Quantile_WithOnlyTheInfBucket_IsNaN() => Buckets(("+Inf", 100)).Value("histogram_quantile(0.99, b)", 0).ShouldBe(double.NaN);

    [Fact]
    public void Quantile_WithoutTheInfBucket_IsNaN() => Buckets(("0.1", 5), ("1", 10)).Value("histogram_quantile(0.99, b)", 0).ShouldBe(double.NaN);

    [Fact]
    public void Quantile_WithoutObservations_IsNaN() => Buckets(("0.1", 0), ("+Inf", 0)).Value("histogram_quantile(0.99, b)", 0).ShouldBe(double.NaN);

    [Fact]
    public void Quantile_OfALowestBucketBelowZero_IsItsBound() => Buckets(("-1", 10), ("0", 12), ("+Inf", 12)).Value("histogram_quantile(0.5, b)", 0).ShouldBe(-1);

    [Fact]
    public void Quantile_OfBucketsThatFall_TreatsThemAsLevel() =>
        // 60 after 80 counts as 80: rank 50 lies in the first bucket.
        Buckets(("1", 80), ("2", 60), ("+Inf", 100)).Value("histogram_quantile(0.5, b)", 0).ShouldBe(50 / 80.0, 1e-9);

    [Fact]
    public void Quantile_OfTwoSpellingsOfOneBound_AddsThem() =>
        Buckets(("1", 10), ("1.0", 30), ("+Inf", 80)).Value("histogram_quantile(0.25, b)", 0).ShouldBe(0.5, 1e-9);

    [Fact]
    public void Quantile_GroupsByTheOtherLabels_AndSkipsWhatHasNoBound() =>
        new TestSeries()
            .At("b{p=\"x\",le=\"1\"}", 0, 10).At("b{p=\"x\",le=\"+Inf\"}", 0, 10)
            .At("b{p=\"y\",le=\"4\"}", 0, 10).At("b{p=\"y\",le=\"+Inf\"}", 0, 10)
            .At("b{p=\"z\",le=\"abc\"}", 0, 10).At("b{p=\"z\"}", 0, 10)
            .Elements("histogram_quantile(0.5, b)", 0).ShouldBe(["{p=\"x\"} 0.5", "{p=\"y\"} 2"]);
}
