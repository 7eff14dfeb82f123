namespace CanaryFunctions.LoadTester.Hey;

/// <summary>
/// When a paced worker may send: after each tick of a clock that started with the load. While a request takes longer, a tick is
/// kept for later and further ones are dropped. Times count from the start of the load. Pure.
/// </summary>
internal struct TickSchedule
{
    private readonly TimeSpan _tick;
    private readonly int _kept;

    /// <param name="tick">Time between two requests; zero means no pacing.</param>
    /// <param name="kept">How many missed ticks are made up for: hey's one; more when the clock is scaled.</param>
    public TickSchedule(TimeSpan tick, int kept = 1) => (_tick, _kept, Next) = (tick, kept, tick);

    public readonly bool IsPaced => _tick > TimeSpan.Zero;

    /// <summary>When the next request is due.</summary>
    public TimeSpan Next { get; private set; }

    /// <summary>The tick for a rate of requests per second, in whole microseconds; never below one.</summary>
    public static TimeSpan TickFor(double ratePerSecond)
        => ratePerSecond <= 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Math.Max(1, Math.Floor(1e6 / ratePerSecond)));

    /// <summary>A request goes out now: the next is due at the following tick, or at the oldest one that is kept.</summary>
    public void Take(TimeSpan now)
    {
        if (IsPaced)
        {
            Next += _tick * Math.Max(1, Math.Floor((now - Next) / _tick) + 2 - _kept);
        }
    }
}
