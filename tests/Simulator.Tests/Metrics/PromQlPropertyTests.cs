using CanaryFunctions.Simulator.Metrics.PromQl;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class PromQlPropertyTests
{
    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(60);

    /// <summary>Samples of a counter: steps in seconds, and growth, where a negative one is a reset.</summary>
    private static Arbitrary<(int Step, int Growth)[]> Histories =>
        Gen.Two(Gen.Choose(1, 30)).Select(pair => (pair.Item1, pair.Item2 - 5)).ArrayOf().Where(list => list.Length is > 1 and < 60).ToArbitrary();

    [Fact]
    public void Rate_OfACounterWithResets_IsNeverNegative() =>
        Prop.ForAll(Histories, history =>
        {
            var (series, end) = Counter(history);
            var rates = series.Elements("rate(c[1m]) or irate(c[1m]) or increase(c[90s])", end).Select(text => double.Parse(text.Split(' ')[1]));
            return rates.All(rate => rate >= 0);
        }).Check(Few);

    [Fact]
    public void Increase_OverTheWholeHistory_IsAtLeastWhatWasSeen_AndAtMostHalfASampleMoreAtEachEnd() =>
        Prop.ForAll(Histories, history =>
        {
            var (series, end) = Counter(history);
            var seen = history.Skip(1).Sum(step => Math.Max(0, step.Growth < 0 ? 0 : step.Growth));
            var increase = series.Value("increase(c[1h])", end);
            return increase >= seen - 1e-9 && increase <= (seen * (1 + (1.1 / (history.Length - 1)))) + 1e-9;
        }).Check(Few);

    [Fact]
    public void Result_DoesNotDependOnTheSpeed() =>
        Prop.ForAll(Histories, Gen.Elements(1.0, 2, 10, 20, 50).ToArbitrary(), (history, speed) =>
        {
            var ((real, end), (scaled, _)) = (Counter(history), Counter(history, speed));
            var (wanted, found) = (real.Elements("rate(c[1m])", end), scaled.Elements("rate(c[1m])", end));
            return wanted.SequenceEqual(found);
        }).Check(Few);

    [Fact]
    public void HistogramQuantile_GrowsWithTheQuantile_AndStaysWithinTheBounds() =>
        Prop.ForAll(Gen.Choose(0, 100).ListOf(4).Where(counts => counts.Sum() > 0).ToArbitrary(), Gen.Two(Gen.Choose(0, 100)).ToArbitrary(), (counts, percents) =>
        {
            double[] bounds = [1, 2, 5, double.PositiveInfinity];
            var total = 0.0;
            Bucket[] buckets = [.. counts.Select((count, i) => new Bucket(bounds[i], total += count))];
            var (low, high) = (Math.Min(percents.Item1, percents.Item2), Math.Max(percents.Item1, percents.Item2));
            var (least, most) = (HistogramQuantile.Quantile(low / 100.0, buckets), HistogramQuantile.Quantile(high / 100.0, buckets));
            // A rank of zero in an empty first bucket is 0/0, with Prometheus too.
            return double.IsNaN(least) || (least <= most + 1e-9 && least >= 0 && most <= 5);
        }).Check(Few);

    [Fact]
    public void Duration_PrintedInUnits_ReadsBack() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), ms =>
        {
            var time = TimeSpan.FromMilliseconds(ms);
            var text = $"{time.Days}d{time.Hours}h{time.Minutes}m{time.Seconds}s{time.Milliseconds}ms";
            return NumberScanner.DurationMs(text) == ms;
        }).Check(Few);

    private static (TestSeries Series, double End) Counter((int Step, int Growth)[] history, double speed = 1)
    {
        var series = new TestSeries(speed);
        var (second, value) = (0.0, 0.0);
        foreach (var (step, growth) in history)
        {
            second += step;
            value = growth < 0 ? 0 : value + growth;
            series.At("c", second, value);
        }

        return (series, second);
    }
}
