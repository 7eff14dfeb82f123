namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>The value of an expression at one instant.</summary>
internal abstract record PromValue;

internal sealed record ScalarValue(double Value) : PromValue;

internal sealed record StringValue(string Value) : PromValue;

/// <summary>One element of an instant vector.</summary>
internal sealed record Sample(Labels Labels, double Value);

internal sealed record VectorValue(IReadOnlyList<Sample> Samples) : PromValue
{
    public static readonly VectorValue Empty = new([]);

    /// <summary>One element without labels.</summary>
    public static VectorValue Of(double value) => new([new Sample(Labels.Empty, value)]);

    /// <summary>Computes each value anew and drops the metric name, which no longer describes the result.</summary>
    public VectorValue Map(Func<double, double> compute) =>
        new([.. Samples.Select(sample => new Sample(sample.Labels.WithoutName(), compute(sample.Value)))]);

    /// <exception cref="PromQlExecutionException">Two elements have the same labels.</exception>
    public VectorValue Unique() => Samples.DistinctBy(sample => sample.Labels).Count() == Samples.Count
        ? this
        : throw new PromQlExecutionException("vector cannot contain metrics with the same labelset");
}

/// <summary>One series of a range vector; times are nominal.</summary>
internal sealed record SampleSeries(Labels Labels, IReadOnlyList<Point> Points);

/// <summary>A range vector and the window that it was asked for, both ends included, nominal ms.</summary>
internal sealed record MatrixValue(IReadOnlyList<SampleSeries> Series, long FromMs, long ToMs) : PromValue;
