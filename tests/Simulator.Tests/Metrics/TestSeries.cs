using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

/// <summary>A store that is filled by hand. Times in tests are seconds after <see cref="Epoch"/>, in nominal time.</summary>
internal sealed class TestSeries(double speed = 1)
{
    /// <summary>Wall-clock milliseconds of second 0; a multiple of any step that tests use.</summary>
    public const long Epoch = 1_760_000_400_000;

    public TimeSeriesStore Store { get; } = new(TimeSpan.FromDays(2));

    /// <summary>One sample, <paramref name="second"/> nominal seconds after the epoch.</summary>
    public TestSeries At(string series, double second, double value)
    {
        Store.Append(LabelsOf(series), Wall(second), value).ShouldBeTrue();
        return this;
    }

    /// <summary>Samples every <paramref name="step"/> seconds from second 0 on.</summary>
    public TestSeries Every(double step, string series, params double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            At(series, i * step, values[i]);
        }

        return this;
    }

    /// <summary>A counter from 0 on that grows by a fixed amount at every step, ten minutes long.</summary>
    public TestSeries Counter(string series, double perStep, double step = 15) =>
        Every(step, series, [.. Enumerable.Range(0, (int)(600 / step) + 1).Select(i => i * perStep)]);

    public TestSeries Stale(string series, double second)
    {
        Store.AppendStale(LabelsOf(series), Wall(second)).ShouldBeTrue();
        return this;
    }

    public PromValue Query(string query, double second = 600) =>
        new PromQlEngine(Store, new PromQlOptions { Speed = speed }).Instant(query, Wall(second));

    /// <summary>The elements as "labels value", sorted.</summary>
    public IReadOnlyList<string> Elements(string query, double second = 600) =>
        [.. ((VectorValue)Query(query, second)).Samples.Select(s => $"{s.Labels} {GoFloat.Format(Math.Round(s.Value, 9))}").Order(StringComparer.Ordinal)];

    /// <summary>The value of a scalar or of a vector's only element.</summary>
    public double Value(string query, double second = 600) => Query(query, second) switch
    {
        ScalarValue scalar => scalar.Value,
        VectorValue vector => vector.Samples.ShouldHaveSingleItem(query).Value,
        var other => throw new InvalidOperationException($"{query} gives {other}."),
    };

    public static Labels LabelsOf(string series) => ExpositionParser.Parse($"{series} 0").Single().Labels;

    private long Wall(double second) => Epoch + (long)Math.Round(second * 1000 / speed);
}
