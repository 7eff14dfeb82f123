namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Reads selectors from the store, in nominal time, and applies Prometheus' staleness rules.</summary>
internal sealed class SeriesReader(TimeSeriesStore store, NominalTime time, long lookbackMs)
{
    /// <summary>
    /// The newest sample of each series at or before a time; none where that is a stale marker or older than the lookback.
    /// With <paramref name="timestamps"/> the value is the sample's own time in wall-clock seconds.
    /// </summary>
    public VectorValue Instant(VectorSelector selector, long atMs, bool timestamps = false)
    {
        var samples = new List<Sample>();
        foreach (var series in store.Select(selector.Matchers))
        {
            // The way back to wall time may round up to a sample that is not there yet in nominal time.
            var point = series.LastAtOrBefore(time.ToWall(atMs));
            if (point is { } seen && time.FromWall(seen.TimeMs) > atMs)
            {
                point = series.LastAtOrBefore(seen.TimeMs - 1);
            }

            if (point is { } found && time.FromWall(found.TimeMs) >= atMs - lookbackMs && !StaleMarker.Is(found.Value))
            {
                samples.Add(new Sample(series.Labels, timestamps ? found.TimeMs / 1000.0 : found.Value));
            }
        }

        return new VectorValue(samples);
    }

    /// <summary>All samples from one nominal time to another, both included, without stale markers and without empty series.</summary>
    public MatrixValue Range(VectorSelector selector, long fromMs, long toMs)
    {
        var result = new List<SampleSeries>();
        foreach (var series in store.Select(selector.Matchers))
        {
            var points = new List<Point>();
            foreach (var point in series.Range(time.ToWall(fromMs) - 1, time.ToWall(toMs) + 1))
            {
                var nominal = time.FromWall(point.TimeMs);
                if (nominal >= fromMs && nominal <= toMs && !StaleMarker.Is(point.Value))
                {
                    points.Add(point with { TimeMs = nominal });
                }
            }

            if (points.Count > 0)
            {
                result.Add(new SampleSeries(series.Labels, points));
            }
        }

        return new MatrixValue(result, fromMs, toMs);
    }
}
