using System.Collections.Concurrent;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>All series of one metric name: one instrument for each combination of label values.</summary>
/// <typeparam name="T">The instrument.</typeparam>
public sealed class MetricFamily<T> : IMetricFamily
    where T : class, IInstrument
{
    private readonly ConcurrentDictionary<LabelValues, T> _series = new();
    private readonly string[] _labelNames;
    private readonly Func<T> _create;

    internal MetricFamily(string name, string help, string type, string[] labelNames, Func<T> create)
    {
        Name = name;
        Help = help;
        Type = type;
        _labelNames = labelNames;
        _create = create;
    }

    /// <summary>The metric's name.</summary>
    public string Name { get; }

    /// <summary>What it says in <c># HELP</c>.</summary>
    public string Help { get; }

    /// <summary>What it says in <c># TYPE</c>: counter, gauge or histogram.</summary>
    public string Type { get; }

    /// <summary>The labels of every series, in the order in which <see cref="With"/> takes their values.</summary>
    public IReadOnlyList<string> LabelNames => _labelNames;

    /// <summary>The instrument for these label values, made when first asked for. Callers on a hot path keep it.</summary>
    /// <exception cref="ArgumentException">The number of values is not the number of label names.</exception>
    public T With(params string[] labelValues)
    {
        ArgumentNullException.ThrowIfNull(labelValues);
        if (labelValues.Length != _labelNames.Length)
        {
            throw new ArgumentException(
                $"Metric {Name}: {labelValues.Length} label values were given; it takes {_labelNames.Length} ({string.Join(", ", _labelNames)}).",
                nameof(labelValues));
        }

        var key = new LabelValues(labelValues);
        // The array belongs to the caller; only a copy of it may become a key.
        return _series.TryGetValue(key, out var found) ? found : _series.GetOrAdd(new LabelValues([.. labelValues]), _ => _create());
    }

    /// <summary>Ends a series, as when the pod that it speaks of has gone. Returns whether there was one.</summary>
    public bool Remove(params string[] labelValues) => _series.TryRemove(new LabelValues(labelValues), out _);

    void IMetricFamily.Write(ExpositionWriter writer)
    {
        writer.WriteHead(Name, Help, Type);
        foreach (var (key, instrument) in _series.OrderBy(entry => entry.Key))
        {
            instrument.Write(writer, Name, ExpositionWriter.Labels(_labelNames, key.Values));
        }
    }
}

/// <summary>One series (a histogram: one group of series) of a family.</summary>
public interface IInstrument
{
    /// <summary>Writes the current values as sample lines.</summary>
    internal void Write(ExpositionWriter writer, string name, string labels);
}

internal interface IMetricFamily
{
    string Name { get; }

    string Type { get; }

    IReadOnlyList<string> LabelNames { get; }

    void Write(ExpositionWriter writer);
}

/// <summary>Label values as a key that compares by content.</summary>
internal readonly struct LabelValues(string[] values) : IEquatable<LabelValues>, IComparable<LabelValues>
{
    public string[] Values => values;

    public bool Equals(LabelValues other) => values.AsSpan().SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is LabelValues other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public int CompareTo(LabelValues other)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var order = string.CompareOrdinal(values[i], other.Values[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
