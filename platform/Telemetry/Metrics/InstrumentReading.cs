using System.Diagnostics.Metrics;
using System.Globalization;
using CanaryFunctions.Core;

namespace CanaryFunctions.Platform.Telemetry.Metrics;

/// <summary>What one instrument measured, by its tags. Thread-safe.</summary>
internal sealed class InstrumentReading(Instrument instrument)
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _type = instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> => "counter",
        _ => "gauge",
    };

    private readonly double[] _bounds = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } given } ? [.. given] : DefaultBounds;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            labels[i] = new(tags[i].Key.Replace('.', '_'), Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        }

        var key = string.Join('\u0001', labels.Select(l => $"{l.Key}\u0002{l.Value}"));
        lock (_gate)
        {
            if (!_series.TryGetValue(key, out var series))
            {
                _series[key] = series = new(labels, _bounds.Length + 1);
            }

            series.Add(value, _type, _bounds);
        }
    }

    /// <summary>An observed instrument tells all its values anew: what it no longer tells is no more.</summary>
    public void BeginObserving()
    {
        if (instrument.IsObservable)
        {
            lock (_gate)
            {
                _series.Clear();
            }
        }
    }

    public MetricFamily Family()
    {
        lock (_gate)
        {
            var samples = _series.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value.Samples(_type, _bounds));
            return new(Name(), _type, instrument.Description ?? "", [.. samples]);
        }
    }

    private string Name()
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return $"{instrument.Name.Replace('.', '_')}{unit}{(_type == "counter" ? "_total" : "")}";
    }

    private sealed class Series(KeyValuePair<string, string>[] labels, int buckets)
    {
        private readonly long[] _buckets = new long[buckets];
        private double _value;
        private long _count;

        public void Add(double value, string type, double[] bounds)
        {
            _value = type == "gauge" ? value : _value + value;
            _count++;
            if (type == "histogram")
            {
                var i = Array.FindIndex(bounds, b => value <= b);
                _buckets[i < 0 ? bounds.Length : i]++;
            }
        }

        public IEnumerable<MetricSample> Samples(string type, double[] bounds)
        {
            if (type != "histogram")
            {
                return [new(labels, _value)];
            }

            var (samples, sum) = (new List<MetricSample>(), 0L);
            for (var i = 0; i < _buckets.Length; i++)
            {
                sum += _buckets[i];
                samples.Add(new([.. labels, new("le", i == bounds.Length ? "+Inf" : GoNumber.Shortest(bounds[i]))], sum, "_bucket"));
            }

            return [.. samples, new(labels, _value, "_sum"), new(labels, _count, "_count")];
        }
    }
}
