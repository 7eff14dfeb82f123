namespace CanaryFunctions.Simulator.Metrics;

/// <summary>A sample: wall-clock or, inside the query engine, nominal milliseconds, and a value.</summary>
internal readonly record struct Point(long TimeMs, double Value);

/// <summary>One series' samples in ascending time.</summary>
internal sealed class Series(Labels labels)
{
    private readonly Lock _lock = new();
    private readonly List<Point> _points = [];
    private int _head;
    private bool _closed;

    public Labels Labels => labels;

    /// <summary>Appends, and forgets what is older than <paramref name="oldestMs"/>. Null: the series was closed by a sweep.</summary>
    public bool? Append(long timeMs, double value, long oldestMs)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            if (_points.Count > 0 && _points[^1].TimeMs >= timeMs)
            {
                return false;
            }

            while (_head < _points.Count && _points[_head].TimeMs < oldestMs)
            {
                _head++;
            }

            // Half of the list is dead: one move pays for as many appends.
            if (_head > 64 && _head > _points.Count / 2)
            {
                _points.RemoveRange(0, _head);
                _head = 0;
            }

            _points.Add(new Point(timeMs, value));
            return true;
        }
    }

    /// <summary>Closes the series if its newest sample is older than <paramref name="oldestMs"/>.</summary>
    public bool CloseIfOlder(long oldestMs)
    {
        lock (_lock)
        {
            _closed = _points.Count == 0 || _points[^1].TimeMs < oldestMs;
            return _closed;
        }
    }

    /// <summary>The samples from <paramref name="fromMs"/> to <paramref name="toMs"/>, both included, stale markers too.</summary>
    public Point[] Range(long fromMs, long toMs)
    {
        lock (_lock)
        {
            var first = FirstAtOrAfter(fromMs);
            var end = first;
            while (end < _points.Count && _points[end].TimeMs <= toMs)
            {
                end++;
            }

            return [.. _points.GetRange(first, end - first)];
        }
    }

    /// <summary>The newest sample at or before a time, or null.</summary>
    public Point? LastAtOrBefore(long timeMs)
    {
        lock (_lock)
        {
            var after = timeMs == long.MaxValue ? _points.Count : FirstAtOrAfter(timeMs + 1);
            return after > _head ? _points[after - 1] : null;
        }
    }

    private int FirstAtOrAfter(long timeMs)
    {
        var (low, high) = (_head, _points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_points[middle].TimeMs < timeMs)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
