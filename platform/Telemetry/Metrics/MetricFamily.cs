namespace CanaryFunctions.Platform.Telemetry.Metrics;

/// <summary>Everything that is exposed under one metric's name.</summary>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
public sealed record MetricFamily(string Name, string Type, string Help, IReadOnlyList<MetricSample> Samples)
{
    public static MetricFamily Gauge(string name, string help, IEnumerable<MetricSample> samples) => new(name, "gauge", help, [.. samples]);

    public static MetricFamily Counter(string name, string help, IEnumerable<MetricSample> samples) => new(name, "counter", help, [.. samples]);
}

/// <summary>One value with its labels.</summary>
/// <param name="Suffix">What follows the family's name, such as <c>_bucket</c>; empty for all but histograms.</param>
public sealed record MetricSample(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value, string Suffix = "")
{
    /// <summary>A sample with labels in this order.</summary>
    public static MetricSample Of(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var pairs = new KeyValuePair<string, string>[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            pairs[i] = new(labels[i].Name, labels[i].Value);
        }

        return new(pairs, value);
    }
}
