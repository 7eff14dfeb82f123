using System.Diagnostics.Metrics;
using CanaryFunctions.Platform.Telemetry.Metrics;

namespace CanaryFunctions.Webhook.Tests.Metrics;

public sealed class MeterReaderTests : IDisposable
{
    private readonly Meter _meter = new("test");

    [Fact]
    public void Collect_Instruments_AreNamedAndAddedUp()
    {
        using var reader = new MeterReader(_meter);
        var count = _meter.CreateCounter<long>("a.count", "{thing}", "Things.");
        var took = _meter.CreateHistogram("a.took", "s", "Seconds.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        count.Add(2, new KeyValuePair<string, object?>("kind", "x"));
        count.Add(1, new KeyValuePair<string, object?>("kind", "y"));
        count.Add(3, new KeyValuePair<string, object?>("kind", "x"));
        foreach (var value in (double[])[0.1, 0.5, 2])
        {
            took.Record(value);
        }

        ExpositionText.Of(reader.Collect()).ShouldBe(
            """
            # HELP a_count_total Things.
            # TYPE a_count_total counter
            a_count_total{kind="x"} 5
            a_count_total{kind="y"} 1
            # HELP a_took_seconds Seconds.
            # TYPE a_took_seconds histogram
            a_took_seconds_bucket{le="0.1"} 1
            a_took_seconds_bucket{le="1"} 2
            a_took_seconds_bucket{le="+Inf"} 3
            a_took_seconds_sum 2.6
            a_took_seconds_count 3

            """);
    }

    [Fact]
    public void Collect_ObservedGauge_TellsTheMomentAndForgetsWhatIsGone()
    {
        using var reader = new MeterReader(_meter);
        List<Measurement<double>> now = [new(1, new KeyValuePair<string, object?>("k", "a")), new(2, new KeyValuePair<string, object?>("k", "b"))];
        _meter.CreateObservableGauge("level", () => now);
        reader.Collect().Single().Samples.Count.ShouldBe(2);

        now = [new(7, new KeyValuePair<string, object?>("k", "b"))];

        reader.Collect().Single().Samples.Single().Value.ShouldBe(7);
    }

    [Fact]
    public void Collect_AnotherMeterOfTheSameName_IsNotHeard()
    {
        using var reader = new MeterReader(_meter);
        using var other = new Meter("test");
        other.CreateCounter<long>("noise").Add(1);

        reader.Collect().ShouldBeEmpty();
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        using var reader = new MeterReader(_meter);
        var count = _meter.CreateCounter<long>("n");

        Parallel.For(0, 10_000, i => count.Add(1, new KeyValuePair<string, object?>("k", i % 3)));

        reader.Collect().Single().Samples.Sum(s => s.Value).ShouldBe(10_000);
    }

    public void Dispose() => _meter.Dispose();
}
