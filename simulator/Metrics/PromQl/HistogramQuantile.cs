namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary><c>histogram_quantile</c> over classic histograms.</summary>
internal static class HistogramQuantile
{
    public static Function Function { get; } =
        PromQl.Function.Of("histogram_quantile", [PromType.Scalar, PromType.Vector], call => Apply(call.Scalar(0), call.Vector(1)));

    /// <summary>One histogram for each set of labels without <c>le</c>; elements whose <c>le</c> is no number are left out.</summary>
    private static VectorValue Apply(double q, VectorValue vector)
    {
        var histograms = new Dictionary<Labels, List<Bucket>>();
        foreach (var sample in vector.Samples)
        {
            if (!GoFloat.TryParse(sample.Labels["le"], out var bound))
            {
                continue;
            }

            var key = sample.Labels.Drop(["le"]);
            if (!histograms.TryGetValue(key, out var buckets))
            {
                histograms[key] = buckets = [];
            }

            buckets.Add(new Bucket(bound, sample.Value));
        }

        return new VectorValue([.. histograms.Select(histogram => new Sample(histogram.Key, Quantile(q, histogram.Value)))]);
    }

    /// <summary>
    /// The quantile, linear within its bucket. NaN without a +Inf bucket, without any other bucket, or without observations;
    /// in the +Inf bucket the highest finite bound.
    /// </summary>
    internal static double Quantile(double q, IEnumerable<Bucket> unsorted)
    {
        if (double.IsNaN(q))
        {
            return double.NaN;
        }

        if (q is < 0 or > 1)
        {
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        var buckets = Monotonic(unsorted);
        var observations = buckets[^1].Count;
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound) || buckets.Count < 2 || observations == 0)
        {
            return double.NaN;
        }

        var rank = q * observations;
        var found = buckets.FindIndex(0, buckets.Count - 1, bucket => bucket.Count >= rank);
        if (found < 0)
        {
            return buckets[^2].UpperBound;
        }

        var bucket = buckets[found];
        if (found == 0 && bucket.UpperBound <= 0)
        {
            return bucket.UpperBound;
        }

        var below = found == 0 ? new Bucket(0, 0) : buckets[found - 1];
        return below.UpperBound + ((bucket.UpperBound - below.UpperBound) * ((rank - below.Count) / (bucket.Count - below.Count)));
    }

    /// <summary>
    /// Sorted, one bucket for each bound, and never falling: buckets are scraped and aggregated one by one, and a rate
    /// of each can leave a higher bucket with a lower count.
    /// </summary>
    private static List<Bucket> Monotonic(IEnumerable<Bucket> unsorted)
    {
        var buckets = new List<Bucket>();
        var most = double.NegativeInfinity;
        foreach (var same in unsorted.GroupBy(bucket => bucket.UpperBound).OrderBy(group => group.Key))
        {
            var count = same.Sum(bucket => bucket.Count);
            // NaN is neither above nor below and stays what it is.
            most = count > most ? count : most;
            buckets.Add(new Bucket(same.Key, count < most ? most : count));
        }

        return buckets;
    }
}

/// <summary>A cumulative bucket: how many observations were at most <paramref name="UpperBound"/>.</summary>
internal readonly record struct Bucket(double UpperBound, double Count);
