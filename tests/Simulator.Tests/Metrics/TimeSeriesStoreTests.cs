using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class TimeSeriesStoreTests
{
    private static readonly Labels Up = Labels.Of((Labels.MetricName, "up"), ("pod", "a"));

    [Fact]
    public void Append_OfAnEarlierOrEqualTime_IsRefused()
    {
        var store = new TimeSeriesStore();
        store.Append(Up, 1000, 1).ShouldBeTrue();
        store.Append(Up, 1000, 2).ShouldBeFalse();
        store.Append(Up, 999, 2).ShouldBeFalse();
        store.Append(Up, 1001, 2).ShouldBeTrue();
        store.Select([]).Single().Range(0, 2000).ShouldBe([new Point(1000, 1), new Point(1001, 2)]);
    }

    [Fact]
    public void Append_WithoutAMetricName_IsAnError() =>
        Should.Throw<ArgumentException>(() => new TimeSeriesStore().Append(Labels.Of(("pod", "a")), 1, 1)).Message.ShouldContain("{pod=\"a\"}");

    [Fact]
    public void Retention_DropsOldSamples_AndSeriesWithoutAny()
    {
        var store = new TimeSeriesStore(TimeSpan.FromSeconds(10));
        var old = Labels.Of((Labels.MetricName, "old"));
        store.Append(old, 1_000, 1);
        for (var t = 1_000; t <= 100_000; t += 100)
        {
            store.Append(Up, t, t).ShouldBeTrue();
        }

        store.Select([]).Single().Labels.ShouldBe(Up);
        store.Select([]).Single().Range(0, 100_000).ShouldAllBe(point => point.TimeMs >= 90_000);
        store.Append(old, 1_000, 1).ShouldBeFalse();
        store.Append(old, 100_000, 1).ShouldBeTrue();
    }

    [Fact]
    public void Selector_LooksBackFiveMinutes_NotFurther_AndNotAhead()
    {
        var series = new TestSeries().At("g", 10, 7);
        series.Elements("g", 9).ShouldBeEmpty();
        series.Elements("g", 10).ShouldBe(["g 7"]);
        series.Elements("g", 310).ShouldBe(["g 7"]);
        series.Elements("g", 310.001).ShouldBeEmpty();
    }

    [Fact]
    public void StaleMarker_EndsASeriesAtOnce_AndItMayComeBack()
    {
        var series = new TestSeries().At("g", 10, 7).Stale("g", 20).At("g", 60, 9);
        series.Elements("g", 19).ShouldBe(["g 7"]);
        series.Elements("g", 20).ShouldBeEmpty();
        series.Elements("g", 59).ShouldBeEmpty();
        series.Elements("g", 60).ShouldBe(["g 9"]);
        series.Value("count_over_time(g[2m])", 60).ShouldBe(2);
    }

    [Fact]
    public void NaN_IsAValue_NotAStaleMarker()
    {
        new TestSeries().At("g", 0, double.NaN).Elements("g", 1).ShouldBe(["g NaN"]);
        StaleMarker.Is(double.NaN).ShouldBeFalse();
        StaleMarker.Is(StaleMarker.Value).ShouldBeTrue();
    }

    [Fact]
    public async Task Append_FromManyThreads_LosesNothing()
    {
        var store = new TimeSeriesStore();
        await Parallel.ForAsync(0, 8, (worker, _) =>
        {
            for (var i = 1; i <= 500; i++)
            {
                store.Append(Up.With("worker", $"{worker}"), i * 1000, i);
            }

            return ValueTask.CompletedTask;
        });
        store.Select([]).Count.ShouldBe(8);
        store.Select([]).ShouldAllBe(series => series.Range(0, long.MaxValue).Length == 500);
    }

    [Fact]
    public async Task Query_DuringAScrape_SeesAllOfItOrNothing()
    {
        const int Scrapes = 2000;
        var store = new TimeSeriesStore();
        var engine = new PromQlEngine(store);
        var (left, right) = (Labels.Of((Labels.MetricName, "left")), Labels.Of((Labels.MetricName, "right")));
        var writing = Task.Run(() =>
        {
            for (var i = 1; i <= Scrapes; i++)
            {
                store.AppendTogether(() =>
                {
                    store.Append(left, i, i);
                    store.Append(right, i, i);
                });
            }
        });
        double?[] differences = [];
        while (!writing.IsCompleted)
        {
            differences = [.. differences.TakeLast(9), engine.Number("left - right", DateTimeOffset.FromUnixTimeMilliseconds(Scrapes))];
            differences.ShouldAllBe(d => d == null || d == 0);
        }

        await writing;
        engine.Number("left", DateTimeOffset.FromUnixTimeMilliseconds(Scrapes)).ShouldBe(Scrapes);
    }
}
