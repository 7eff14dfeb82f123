namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>One series' samples (at least one) within the window from <paramref name="FromMs"/> to <paramref name="ToMs"/>, nominal time.</summary>
internal readonly record struct RangeWindow(IReadOnlyList<Point> Points, long FromMs, long ToMs)
{
    public double Seconds => (ToMs - FromMs) / 1000.0;

    public Point First => Points[0];

    public Point Last => Points[^1];

    public IReadOnlyList<double> Values => [.. Points.Select(point => point.Value)];

    /// <summary>A function of one range vector. A null result leaves the series out.</summary>
    public static Function Function(string name, Func<RangeWindow, double?> compute, bool keepName = false) =>
        PromQl.Function.Of(name, [PromType.Matrix], call => Map(call.Matrix(0), compute, keepName));

    /// <summary>Computes one value for each series of a range vector.</summary>
    public static VectorValue Map(MatrixValue matrix, Func<RangeWindow, double?> compute, bool keepName = false)
    {
        var samples = new List<Sample>();
        foreach (var series in matrix.Series)
        {
            if (compute(new RangeWindow(series.Points, matrix.FromMs, matrix.ToMs)) is { } value)
            {
                samples.Add(new Sample(keepName ? series.Labels : series.Labels.WithoutName(), value));
            }
        }

        return new VectorValue(samples).Unique();
    }
}
