namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Gathers the values of one expression at many instants into series.</summary>
internal sealed class SeriesCollector
{
    private readonly Dictionary<Labels, List<Point>> _series = [];

    public void Add(PromValue value, long atMs)
    {
        foreach (var sample in value is ScalarValue scalar ? VectorValue.Of(scalar.Value).Samples : ((VectorValue)value).Samples)
        {
            if (!_series.TryGetValue(sample.Labels, out var points))
            {
                _series[sample.Labels] = points = [];
            }

            points.Add(new Point(atMs, sample.Value));
        }
    }

    /// <summary>All series, sorted by labels.</summary>
    public List<SampleSeries> Series() => [.. _series.OrderBy(entry => entry.Key).Select(entry => new SampleSeries(entry.Key, entry.Value))];
}
