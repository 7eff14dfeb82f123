namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Reductions that aggregation operators and <c>*_over_time</c> share. Lists are not empty.</summary>
internal static class Statistics
{
    /// <summary>The sum, with Neumaier's compensation, so that many small terms do not drown.</summary>
    public static double Sum(IEnumerable<double> values)
    {
        var (sum, lost) = (0.0, 0.0);
        foreach (var value in values)
        {
            var next = sum + value;
            lost += double.IsInfinity(next) ? 0 : Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
        }

        return double.IsInfinity(sum) ? sum : sum + lost;
    }

    /// <summary>The mean. Where the sum overflows although the mean does not, it is built up step by step.</summary>
    public static double Average(IReadOnlyList<double> values)
    {
        var sum = Sum(values);
        return double.IsInfinity(sum) && values.All(double.IsFinite)
            ? values.Sum(value => value / values.Count)
            : sum / values.Count;
    }

    /// <summary>The smallest value; NaN only where all are.</summary>
    public static double Min(IReadOnlyList<double> values) => values.Aggregate((least, value) => least > value || double.IsNaN(least) ? value : least);

    /// <summary>The largest value; NaN only where all are.</summary>
    public static double Max(IReadOnlyList<double> values) => values.Aggregate((most, value) => most < value || double.IsNaN(most) ? value : most);

    /// <summary>The population variance, by Welford's method.</summary>
    public static double Variance(IReadOnlyList<double> values)
    {
        var (count, mean, squares) = (0, 0.0, 0.0);
        foreach (var value in values)
        {
            count++;
            var delta = value - mean;
            mean += delta / count;
            squares += delta * (value - mean);
        }

        return squares / count;
    }

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
}
