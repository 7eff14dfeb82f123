using System.Globalization;
using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Prometheus.Tests.History;

/// <summary>
/// Fifty minutes of samples, the same in every run: counters and histograms that are reset, stand still, begin late, have gaps, end without a word or with
/// a stale marker, and some gauges with values that are hard to compute with.
/// </summary>
internal sealed class RecordedHistory
{
    /// <summary>A multiple of every step that queries use.</summary>
    public const long StartMs = 1_760_000_400_000;

    /// <summary>From here on there are stale markers, which the text format cannot hold.</summary>
    public const long TailMs = StartMs + (40 * 60_000);

    public const long EndMs = StartMs + (50 * 60_000);

    private readonly Random _random = new(20_260_101);
    private readonly List<HistorySeries> _series = [];

    private RecordedHistory()
    {
    }

    /// <summary>The workloads of the guides, and one whose names are all different.</summary>
    public static IReadOnlyList<Workload> Workloads { get; } = [new("test", "podinfo", "podinfo", "podinfo", 9898), new("team-a", "shop", "front-end", "web-ingress", 80)];

    public static IReadOnlyList<HistorySeries> Series { get; } = new RecordedHistory().Record();

    private List<HistorySeries> Record()
    {
        foreach (var family in Workloads.SelectMany(MetricFamilies.Of))
        {
            var times = Timeline();
            foreach (var member in family.Members)
            {
                RecordMember(family, member, times);
            }
        }

        RecordGauges();
        return _series;
    }

    private void RecordMember(MetricFamily family, Labels member, List<long> times)
    {
        var busy = _random.Next(4) switch { 0 => 0, 1 => 2, 2 => 40, _ => 600 };
        if (family.Bounds is not { } bounds)
        {
            var total = 0.0;
            Add(member.With(Labels.MetricName, family.Name), times, () => total = Reset() ? _random.Next(3) : total + _random.Next(busy + 1));
            return;
        }

        var counts = new double[bounds.Count + 1];
        var sum = 0.0;
        List<double>[] columns = [.. counts.Select(_ => new List<double>(times.Count))];
        var sums = new List<double>(times.Count);
        foreach (var _ in times)
        {
            if (Reset())
            {
                Array.Clear(counts);
                sum = 0;
            }

            Observe(bounds, counts, _random.Next(busy + 1), ref sum);
            for (var i = 0; i < counts.Length; i++)
            {
                columns[i].Add(counts[i]);
            }

            sums.Add(sum);
        }

        for (var i = 0; i < counts.Length; i++)
        {
            var le = i < bounds.Count ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Add(member.With(Labels.MetricName, family.Name + "_bucket").With("le", le), times, columns[i]);
        }

        Add(member.With(Labels.MetricName, family.Name + "_count"), times, columns[^1]);
        Add(member.With(Labels.MetricName, family.Name + "_sum"), times, sums);
    }

    // Cumulative, as they are exported: an observation counts in every bucket that is large enough.
    private void Observe(IReadOnlyList<double> bounds, double[] counts, int observations, ref double sum)
    {
        for (var n = 0; n < observations; n++)
        {
            var bucket = Math.Min(_random.Next(counts.Length), _random.Next(counts.Length));
            sum += bucket < bounds.Count ? bounds[bucket] * 0.75 : bounds[^1] * 2;
            for (var i = bucket; i < counts.Length; i++)
            {
                counts[i]++;
            }
        }
    }

    private void RecordGauges()
    {
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1e300, -1e-300, 0.1];
        foreach (var room in (string[])["attic", "cellar", "hall", "kitchen"])
        {
            var level = _random.Next(-20, 20) / 4.0;
            Add(Labels.Of((Labels.MetricName, "temperature"), ("room", room), ("floor", $"{room.Length % 3}")), Timeline(), () => level += _random.Next(-8, 9) / 8.0);
            Add(Labels.Of((Labels.MetricName, "odd"), ("room", room)), Timeline(), () => _random.Next(3) > 0 ? _random.Next(-4, 5) : odd[_random.Next(odd.Length)]);
        }

        // Equal on purpose.
        Add(Labels.Of((Labels.MetricName, "limit"), ("room", "attic")), Timeline(), () => 7);
        Add(Labels.Of((Labels.MetricName, "limit"), ("room", "hall")), Timeline(), () => 7);
        Add(Labels.Of((Labels.MetricName, "build_info"), ("version", "6.0.1"), ("room", "hall")), Timeline(), () => 1);
    }

    private void Add(Labels labels, List<long> times, Func<double> next) => Add(labels, times, [.. times.Select(_ => next())]);

    private void Add(Labels labels, List<long> times, List<double> values)
    {
        var samples = new List<HistorySample>(times.Count);
        foreach (var (index, time) in times.Index())
        {
            // Marked by its sign: the target went away here, and its series with it.
            samples.Add(time < 0 ? new(-time, StaleMarker.Value) : new(time, values[index]));
        }

        _series.Add(new(labels, samples));
    }

    private bool Reset() => _random.Next(60) == 0;

    /// <summary>When a target was scraped, by milliseconds that every number format keeps; negative where it was found gone.</summary>
    private List<long> Timeline()
    {
        var step = _random.Next(4) == 0 ? 5_000 : 15_000;
        var fate = (Fate)_random.Next(6);
        var phase = 125 * _random.Next(step / 125);
        var times = new List<long>();
        for (var time = StartMs + phase; time <= EndMs; time += step)
        {
            if (IsScraped(fate, time - StartMs))
            {
                times.Add(time + (125 * _random.Next(-3, 4)));
            }
        }

        if (fate is Fate.Leaves or Fate.ComesBack)
        {
            var gone = times.FindIndex(t => t > TailMs + 150_000);
            times[gone] = -times[gone];
            times.RemoveRange(gone + 1, fate == Fate.Leaves ? times.Count - gone - 1 : Math.Min(6, times.Count - gone - 1));
        }

        return times;
    }

    private bool IsScraped(Fate fate, long afterMs) => fate switch
    {
        Fate.Flaky => _random.Next(8) > 0,
        Fate.Pauses => afterMs / 60_000 is not ((>= 8 and < 15) or (>= 27 and < 29)),
        Fate.BeginsLate => afterMs > 22 * 60_000,
        Fate.EndsSilently => afterMs < 29 * 60_000,
        _ => true,
    };

    private enum Fate
    {
        Flaky,
        Pauses,
        BeginsLate,
        EndsSilently,
        Leaves,
        ComesBack,
    }
}
