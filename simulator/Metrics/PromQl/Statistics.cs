namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>
/// Reductions that aggregation operators and <c>*_over_time</c> use. Lists are not empty. Prometheus adds up elements plainly and samples of one series with
/// compensation; so do we, because last digits become visible where values are compared or counted.
/// </summary>
internal static class Statistics
{
    /// <summary>The sum of elements.</summary>
    public static double Sum(IReadOnlyList<double> values) => values.Aggregate((sum, value) => sum + value);

    /// <summary>The mean of elements, built up step by step, so that it does not overflow where only the sum would.</summary>
    public static double Average(IReadOnlyList<double> values)
    {
        var (count, mean) = (0, 0.0);
        foreach (var value in values)
        {
            count++;
            mean += count == 1 ? value : StaysInfinite(mean, value) ? 0 : (value / count) - (mean / count);
        }

        return mean;
    }

    /// <summary>The population variance of elements, by Welford's method. That of a single element is 0, infinite ones included.</summary>
    public static double Variance(IReadOnlyList<double> values)
    {
        var (count, mean, squares) = (1, values[0], 0.0);
        foreach (var value in values.Skip(1))
        {
            count++;
            var delta = value - mean;
            mean += delta / count;
            squares += delta * (value - mean);
        }

        return squares / count;
    }

    /// <summary>The sum of samples.</summary>
    public static double SumOfSamples(IEnumerable<double> values)
    {
        var sum = new CompensatedSum();
        foreach (var value in values)
        {
            sum.Add(value);
        }

        return sum.Value;
    }

    /// <summary>The mean of samples.</summary>
    public static double AverageOfSamples(IReadOnlyList<double> values)
    {
        var (count, mean) = (0, new CompensatedSum());
        foreach (var value in values)
        {
            count++;
            if (!StaysInfinite(mean.Plain, value))
            {
                mean.Add((value / count) - (mean.Plain / count));
            }
        }

        return mean.Value;
    }

    /// <summary>The population variance of samples; NaN with an infinite one.</summary>
    public static double VarianceOfSamples(IReadOnlyList<double> values)
    {
        var (count, mean, squares) = (0, new CompensatedSum(), new CompensatedSum());
        foreach (var value in values)
        {
            count++;
            var delta = value - mean.Compensated;
            mean.Add(delta / count);
            squares.Add(delta * (value - mean.Compensated));
        }

        return squares.Compensated / count;
    }

    /// <summary>The smallest value; NaN only where all are.</summary>
    public static double Min(IReadOnlyList<double> values) => values.Aggregate((least, value) => least > value || double.IsNaN(least) ? value : least);

    /// <summary>The largest value; NaN only where all are.</summary>
    public static double Max(IReadOnlyList<double> values) => values.Aggregate((most, value) => most < value || double.IsNaN(most) ? value : most);

    /// <summary>The q-quantile, linear between neighbours; -Inf below 0, +Inf above 1, NaN for NaN.</summary>
    public static double Quantile(double q, IReadOnlyList<double> values)
    {
        if (double.IsNaN(q) || values.Count == 0)
        {
            return double.NaN;
        }

        if (q is < 0 or > 1)
        {
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        // Order() puts NaN first, as Prometheus does.
        double[] sorted = [.. values.Order()];
        var rank = q * (sorted.Length - 1);
        var lower = (int)Math.Max(0, Math.Floor(rank));
        var upper = Math.Min(sorted.Length - 1, lower + 1);
        var weight = rank - Math.Floor(rank);
        return (sorted[lower] * (1 - weight)) + (sorted[upper] * weight);
    }

    // The opposite infinity and NaN make it NaN; all others leave it as it is, where subtracting would not.
    private static bool StaysInfinite(double mean, double value) => double.IsInfinity(mean) && (value == mean || double.IsFinite(value));
}

/// <summary>Neumaier's sum: what each addition loses is kept apart.</summary>
internal struct CompensatedSum
{
    private double _lost;

    /// <summary>What has been added up without compensation.</summary>
    public double Plain { get; private set; }

    /// <summary>With compensation; NaN as soon as an infinite value was added.</summary>
    public readonly double Compensated => Plain + _lost;

    /// <summary>With compensation, which infinite sums do without.</summary>
    public readonly double Value => double.IsInfinity(Plain) ? Plain : Compensated;

    public void Add(double value)
    {
        var next = Plain + value;
        _lost += Math.Abs(Plain) >= Math.Abs(value) ? Plain - next + value : value - next + Plain;
        Plain = next;
    }
}
