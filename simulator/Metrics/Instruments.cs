namespace CanaryFunctions.Simulator.Metrics;

/// <summary>A value that only grows. Lock-free.</summary>
public sealed class Counter : IInstrument
{
    private double _value;

    /// <summary>The current value.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Adds <paramref name="amount"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative or not a number.</exception>
    public void Inc(double amount = 1)
    {
        if (!(amount >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "A counter takes amounts of 0 and more.");
        }

        AtomicDouble.Add(ref _value, amount);
    }

    void IInstrument.Write(ExpositionWriter writer, string name, string labels) => writer.WriteSample(name, labels, Value);
}

/// <summary>A value that goes up and down. Lock-free.</summary>
public sealed class Gauge : IInstrument
{
    private double _value;

    /// <summary>The current value.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Sets the value.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);

    /// <summary>Adds <paramref name="amount"/>, which may be negative.</summary>
    public void Inc(double amount = 1) => AtomicDouble.Add(ref _value, amount);

    /// <summary>Subtracts <paramref name="amount"/>.</summary>
    public void Dec(double amount = 1) => AtomicDouble.Add(ref _value, -amount);

    void IInstrument.Write(ExpositionWriter writer, string name, string labels) => writer.WriteSample(name, labels, Value);
}

/// <summary>Counts observations by upper bound. Lock-free: one increment and one addition for each observation.</summary>
public sealed class Histogram : IInstrument
{
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    internal Histogram(double[] bounds)
    {
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>Observations so far.</summary>
    public long Count => _counts.Select((_, i) => Interlocked.Read(ref _counts[i])).Sum();

    /// <summary>Sum of all observations.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>Records one observation, in the unit of the buckets. A bound belongs to its own bucket.</summary>
    public void Observe(double value)
    {
        var found = Array.BinarySearch(_bounds, value);
        // NaN sorts first for BinarySearch, yet it is below no bound.
        var bucket = double.IsNaN(value) ? _bounds.Length : found >= 0 ? found : ~found;
        Interlocked.Increment(ref _counts[bucket]);
        AtomicDouble.Add(ref _sum, value);
    }

    void IInstrument.Write(ExpositionWriter writer, string name, string labels)
    {
        var cumulative = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            cumulative += Interlocked.Read(ref _counts[i]);
            var bound = i < _bounds.Length ? _bounds[i] : double.PositiveInfinity;
            writer.WriteSample($"{name}_bucket", ExpositionWriter.AddLabel(labels, "le", GoFloat.Format(bound)), cumulative);
        }

        writer.WriteSample($"{name}_sum", labels, Sum);
        // The same reading as le="+Inf", so that the two never differ within one scrape.
        writer.WriteSample($"{name}_count", labels, cumulative);
    }
}

internal static class AtomicDouble
{
    public static void Add(ref double target, double amount)
    {
        var seen = Volatile.Read(ref target);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref target, seen + amount, seen);
            // Compared by bits: NaN never equals itself and would spin for ever.
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen))
            {
                return;
            }

            seen = before;
        }
    }
}
