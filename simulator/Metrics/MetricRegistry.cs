using System.Collections.Concurrent;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>
/// The metrics of one process or stand-in. Asking again for a name gives the same family, so that parts that
/// do not know each other can share one. Thread-safe; an observation takes no lock.
/// </summary>
public sealed class MetricRegistry
{
    private readonly ConcurrentDictionary<string, IMetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>A family of counters.</summary>
    /// <exception cref="ArgumentException">A name is not a valid metric or label name, or is in use with another type or other labels.</exception>
    public MetricFamily<Counter> Counter(string name, string help, params string[] labelNames) =>
        Register(name, labelNames, () => new MetricFamily<Counter>(name, help, "counter", labelNames, () => new Counter()));

    /// <summary>A family of gauges.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Counter"/>.</exception>
    public MetricFamily<Gauge> Gauge(string name, string help, params string[] labelNames) =>
        Register(name, labelNames, () => new MetricFamily<Gauge>(name, help, "gauge", labelNames, () => new Gauge()));

    /// <summary>A family of histograms. <paramref name="buckets"/> are finite upper bounds, ascending; +Inf is added.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Counter"/>; or the buckets do not ascend, or <c>le</c> is a label.</exception>
    public MetricFamily<Histogram> Histogram(string name, string help, IReadOnlyList<double> buckets, params string[] labelNames)
    {
        double[] bounds = [.. buckets];
        if (bounds.Any(bound => !double.IsFinite(bound)) || bounds.Zip(bounds.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"Metric {name}: the buckets [{string.Join(", ", bounds)}] must be finite and ascending.", nameof(buckets));
        }

        if (labelNames.Contains("le"))
        {
            throw new ArgumentException($"Metric {name}: the label 'le' belongs to the histogram itself.", nameof(labelNames));
        }

        return Register(name, labelNames, () => new MetricFamily<Histogram>(name, help, "histogram", labelNames, () => new Histogram(bounds)));
    }

    /// <summary>Writes all families, sorted by name, in the text exposition format 0.0.4.</summary>
    public void Write(TextWriter output)
    {
        var writer = new ExpositionWriter(output);
        foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            family.Write(writer);
        }
    }

    private MetricFamily<T> Register<T>(string name, string[] labelNames, Func<MetricFamily<T>> create)
        where T : class, IInstrument
    {
        if (!MetricNames.IsMetricName(name))
        {
            throw new ArgumentException($"'{name}' is not a metric name; use letters, digits, '_' and ':', not starting with a digit.", nameof(name));
        }

        if (labelNames.FirstOrDefault(label => !MetricNames.IsLabelName(label)) is { } bad)
        {
            throw new ArgumentException($"Metric {name}: '{bad}' is not a label name; use letters, digits and '_', not starting with a digit.", nameof(labelNames));
        }

        var family = _families.GetOrAdd(name, _ => create());
        return family is MetricFamily<T> same && same.LabelNames.SequenceEqual(labelNames)
            ? same
            : throw new ArgumentException($"Metric {name} is already a {family.Type} with the labels ({string.Join(", ", family.LabelNames)}).", nameof(name));
    }
}
