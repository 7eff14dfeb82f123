using System.Collections.Concurrent;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>
/// Samples in memory, by series. Times are wall-clock milliseconds since 1970, whatever the speed of the cluster;
/// the query engine maps them to nominal time. Thread-safe.
/// </summary>
/// <param name="retention">How long samples are kept, wall time, counted from the newest one. Default two hours.</param>
public sealed class TimeSeriesStore(TimeSpan? retention = null)
{
    private readonly long _retentionMs = (long)(retention ?? TimeSpan.FromHours(2)).TotalMilliseconds;
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Labels, Series>> _byName = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private readonly Lock _isolation = new();
    private long _newestMs;
    private long _sweptMs;

    /// <summary>
    /// Appends one sample. Returns false, and keeps nothing, where the series already has this time or a later one,
    /// or the sample is older than the retention.
    /// </summary>
    /// <exception cref="ArgumentException">The labels hold no metric name.</exception>
    public bool Append(Labels labels, long timestampMs, double value)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var name = labels.Name;
        if (name.Length == 0)
        {
            throw new ArgumentException($"Series {labels}: the label {Labels.MetricName} is missing.", nameof(labels));
        }

        var newest = Advance(timestampMs);
        if (timestampMs < newest - _retentionMs)
        {
            return false;
        }

        while (true)
        {
            var family = _byName.GetOrAdd(name, _ => new ConcurrentDictionary<Labels, Series>());
            var series = family.GetOrAdd(labels, key => new Series(key));
            if (series.Append(timestampMs, value, newest - _retentionMs) is { } kept)
            {
                return kept;
            }

            // A sweep has just closed this series because it was empty: a new one takes its place.
            family.TryRemove(KeyValuePair.Create(labels, series));
        }
    }

    /// <summary>Appends what belongs together, such as one scrape: a query sees all of it or nothing.</summary>
    /// <param name="appends">Quick, and no query.</param>
    public void AppendTogether(Action appends)
    {
        ArgumentNullException.ThrowIfNull(appends);
        lock (_isolation)
        {
            appends();
        }
    }

    /// <summary>Marks the end of a series: from here on queries do not see it, instead of seeing its last value for the lookback.</summary>
    public bool AppendStale(Labels labels, long timestampMs) => Append(labels, timestampMs, StaleMarker.Value);

    /// <summary>Reads while no <see cref="AppendTogether"/> writes, so that two selectors of one query see the same scrapes.</summary>
    internal T Isolated<T>(Func<T> read)
    {
        lock (_isolation)
        {
            return read();
        }
    }

    /// <summary>The series that match all matchers, sorted by labels.</summary>
    internal IReadOnlyList<Series> Select(IReadOnlyList<LabelMatcher> matchers)
    {
        var name = matchers.FirstOrDefault(m => m is { Name: Labels.MetricName, Operator: MatchOperator.Equal });
        IEnumerable<ConcurrentDictionary<Labels, Series>> families = name is null
            ? _byName.Values
            : _byName.TryGetValue(name.Value, out var family) ? [family] : [];
        return [.. families
            .SelectMany(f => f)
            .Where(entry => matchers.All(m => m.Matches(entry.Key[m.Name])))
            .Select(entry => entry.Value)
            .OrderBy(series => series.Labels)];
    }

    /// <summary>Moves the newest time on, and now and then lets go of series that have had no sample for the whole retention.</summary>
    private long Advance(long timestampMs)
    {
        lock (_sweeping)
        {
            _newestMs = Math.Max(_newestMs, timestampMs);
            if (_newestMs - _sweptMs > _retentionMs / 4)
            {
                _sweptMs = _newestMs;
                Sweep(_newestMs - _retentionMs);
            }

            return _newestMs;
        }
    }

    private void Sweep(long oldestMs)
    {
        foreach (var family in _byName.Values)
        {
            foreach (var (labels, series) in family)
            {
                if (series.CloseIfOlder(oldestMs))
                {
                    family.TryRemove(KeyValuePair.Create(labels, series));
                }
            }
        }
    }
}

/// <summary>The NaN that says "this series has ended"; told from an ordinary NaN by its bits.</summary>
public static class StaleMarker
{
    private const long Bits = 0x7ff0000000000002;

    /// <summary>The marker as a sample value.</summary>
    public static double Value => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>Whether a value is the marker.</summary>
    public static bool Is(double value) => BitConverter.DoubleToInt64Bits(value) == Bits;
}
