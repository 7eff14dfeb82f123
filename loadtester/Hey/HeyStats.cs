namespace CanaryFunctions.LoadTester.Hey;

/// <summary>What one worker saw. Not thread-safe: each worker fills its own, the report adds them up.</summary>
internal sealed class HeyStats
{
    // As many as hey keeps: beyond, requests are counted but do not enter the distribution.
    private const int MostSamples = 1_000_000;
    private const int MostDistinctErrors = 50;

    private readonly int _mostSamples;

    public HeyStats(int workers = 1) => _mostSamples = Math.Max(1, MostSamples / workers);

    /// <summary>Seconds from sending to the last byte, one each answer.</summary>
    public List<double> Seconds { get; } = [];

    public Dictionary<int, long> Statuses { get; } = [];

    public Dictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    public long Bytes { get; private set; }

    public Spread Wait { get; } = new();

    public Spread Read { get; } = new();

    public long Answers { get; private set; }

    public long Failures { get; private set; }

    public void Answered(int status, TimeSpan wait, TimeSpan read, long bytes)
    {
        Answers++;
        Bytes += bytes;
        Wait.Add(wait.TotalSeconds);
        Read.Add(read.TotalSeconds);
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        if (Seconds.Count < _mostSamples)
        {
            Seconds.Add((wait + read).TotalSeconds);
        }
    }

    public void Failed(string error, long times = 1)
    {
        Failures += times;
        var key = Errors.Count < MostDistinctErrors || Errors.ContainsKey(error) ? error : "other errors";
        Errors[key] = Errors.GetValueOrDefault(key) + times;
    }

    public void Add(HeyStats other)
    {
        Answers += other.Answers;
        Bytes += other.Bytes;
        Wait.Add(other.Wait);
        Read.Add(other.Read);
        Seconds.AddRange(other.Seconds);
        foreach (var (status, count) in other.Statuses)
        {
            Statuses[status] = Statuses.GetValueOrDefault(status) + count;
        }

        foreach (var (error, count) in other.Errors)
        {
            Failed(error, count);
        }
    }

    /// <summary>Average, fastest and slowest of a kind of time, in seconds.</summary>
    internal sealed class Spread
    {
        private double _sum;
        private long _count;

        public double Fastest { get; private set; } = double.MaxValue;

        public double Slowest { get; private set; }

        public double Average => _count == 0 ? 0 : _sum / _count;

        public void Add(double seconds)
        {
            _sum += seconds;
            _count++;
            Fastest = Math.Min(Fastest, seconds);
            Slowest = Math.Max(Slowest, seconds);
        }

        public void Add(Spread other)
        {
            _sum += other._sum;
            _count += other._count;
            Fastest = Math.Min(Fastest, other.Fastest);
            Slowest = Math.Max(Slowest, other.Slowest);
        }
    }
}
