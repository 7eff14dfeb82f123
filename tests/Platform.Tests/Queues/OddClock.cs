using System.Collections.Concurrent;

namespace CanaryFunctions.Platform.Tests.Queues;

/// <summary>A machine's clock that is wrong by some time, and whose timers fire early, so that tests need not wait for what they only want to see asked for.</summary>
internal sealed class OddClock(TimeSpan ahead = default, double speed = 1) : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _timers = new();

    /// <summary>What timers were set to, in order.</summary>
    public IReadOnlyList<TimeSpan> Timers => [.. _timers];

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Enqueue(dueTime);
        return base.CreateTimer(callback, state, Faster(dueTime), Faster(period));
    }

    private TimeSpan Faster(TimeSpan time) => time > TimeSpan.Zero ? time / speed : time;
}
