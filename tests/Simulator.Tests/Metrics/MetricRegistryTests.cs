using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class MetricRegistryTests
{
    [Fact]
    public void Write_OfAllKinds_IsTheTextFormat()
    {
        var registry = new MetricRegistry();
        registry.Counter("requests_total", "Requests.\nBy \\ code.", "code", "path").With("200", "a\"b\\c\nd").Inc(2);
        registry.Gauge("in_flight", "Requests under way.").With().Set(-1.5);
        var latency = registry.Histogram("latency_seconds", "Latency.", [0.1, 0.5], "pod").With("a");
        latency.Observe(0.1);
        latency.Observe(0.3);
        latency.Observe(7);

        Text(registry).ShouldBe("""
            # HELP in_flight Requests under way.
            # TYPE in_flight gauge
            in_flight -1.5
            # HELP latency_seconds Latency.
            # TYPE latency_seconds histogram
            latency_seconds_bucket{pod="a",le="0.1"} 1
            latency_seconds_bucket{pod="a",le="0.5"} 2
            latency_seconds_bucket{pod="a",le="+Inf"} 3
            latency_seconds_sum{pod="a"} 7.4
            latency_seconds_count{pod="a"} 3
            # HELP requests_total Requests.\nBy \\ code.
            # TYPE requests_total counter
            requests_total{code="200",path="a\"b\\c\nd"} 2

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Family_AskedForAgain_IsTheSame_AndOtherLabelsAreRefused()
    {
        var registry = new MetricRegistry();
        registry.Counter("x_total", "X.", "a").With("1").Inc();
        registry.Counter("x_total", "X.", "a").With("1").Value.ShouldBe(1);
        Should.Throw<ArgumentException>(() => registry.Counter("x_total", "X.", "b"));
        Should.Throw<ArgumentException>(() => registry.Gauge("x_total", "X.", "a")).Message.ShouldContain("already a counter");
    }

    [Fact]
    public void Names_ThatAreNotAllowed_AreRefused()
    {
        var registry = new MetricRegistry();
        Should.Throw<ArgumentException>(() => registry.Counter("1x", ""));
        Should.Throw<ArgumentException>(() => registry.Counter("x", "", "a-b"));
        Should.Throw<ArgumentException>(() => registry.Histogram("h", "", [1, 2], "le"));
        Should.Throw<ArgumentException>(() => registry.Histogram("h", "", [2, 1]));
        Should.Throw<ArgumentException>(() => registry.Counter("x", "", "a").With("1", "2")).Message.ShouldContain("2 label values were given; it takes 1 (a)");
        Should.Throw<ArgumentOutOfRangeException>(() => registry.Counter("y", "").With().Inc(-1));
    }

    [Fact]
    public void Remove_OfASeries_EndsIt()
    {
        var registry = new MetricRegistry();
        var family = registry.Gauge("g", "G.", "pod");
        family.With("a").Set(1);
        family.Remove("a").ShouldBeTrue();
        family.Remove("a").ShouldBeFalse();
        Text(registry).ShouldNotContain("pod=");
    }

    [Fact]
    public async Task Observations_FromManyThreads_AreAllCounted()
    {
        var registry = new MetricRegistry();
        var counter = registry.Counter("c_total", "C.", "x");
        var histogram = registry.Histogram("h", "H.", [1, 2]).With();
        await Parallel.ForAsync(0, 8, (_, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                counter.With("y").Inc();
                histogram.Observe(i % 3);
            }

            return ValueTask.CompletedTask;
        });
        counter.With("y").Value.ShouldBe(40_000);
        histogram.Count.ShouldBe(40_000);
        histogram.Sum.ShouldBe(8 * Enumerable.Range(0, 5000).Sum(i => i % 3));
    }

    [Fact]
    public void Text_ThatWasWritten_ReadsBack()
    {
        var registry = new MetricRegistry();
        registry.Gauge("g", "G.", "a").With("q\"\\\n\u2028é}").Set(1e21);
        var sample = ExpositionParser.Parse(Text(registry)).ShouldHaveSingleItem();
        sample.Labels["a"].ShouldBe("q\"\\\n\u2028é}");
        sample.Value.ShouldBe(1e21);
    }

    private static string Text(MetricRegistry registry)
    {
        using var writer = new StringWriter();
        registry.Write(writer);
        return writer.ToString();
    }
}
