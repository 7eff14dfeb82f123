namespace CanaryFunctions.TestKit;

/// <summary>
/// Time that stands still until a test moves it. Timers fire in the order they are due, each at its own instant, on the thread that moves the clock.
/// </summary>
public sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TimeSpan _setBack;

    /// <summary>Starts at a plain moment.</summary>
    public FakeClock()
        : this(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are set and have not fired.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return (_now + _setBack).UtcTicks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        SetUtcNow(GetUtcNow() + by);
    }

    /// <summary>Moves the clock to a later instant and fires what falls due on the way.</summary>
    public void SetUtcNow(DateTimeOffset to)
    {
        while (NextUntil(to) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Somebody sets the clock back. Timers fire after as long as before, and no less time has passed.</summary>
    public void SetBack(TimeSpan by)
    {
        lock (_gate)
        {
            _now -= by;
            _setBack += by;
            _timers.ForEach(t => t.MoveBack(by));
        }
    }

    /// <summary>Moves the clock on step by step while the work waits for timers. For work that sets its next timer only after the last one fired.</summary>
    public async Task AdvanceUntilAsync(Task work, TimeSpan step)
    {
        var deadline = System.GetUtcNow() + TimeSpan.FromSeconds(10);
        while (!work.IsCompleted && System.GetUtcNow() < deadline)
        {
            if (PendingTimers > 0)
            {
                Advance(step);
            }

            // Real time for what the timers set off: it runs on other threads.
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(1), System));
        }

        await work.WaitAsync(TimeSpan.Zero);
    }

    /// <summary>Sets the clock to the earliest timer due by then, and takes that timer out; sets it to the end and returns null when there is none.</summary>
    private FakeTimer? NextUntil(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.Due <= end).MinBy(t => (t.Due, t.Order));
            _now = next is null ? (end > _now ? end : _now) : (next.Due > _now ? next.Due : _now);
            if (next is not null)
            {
                _timers.Remove(next);
                next.Rearm();
            }

            return next;
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private static long _lastOrder;

        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public void Fire() => callback(state);

        public void MoveBack(TimeSpan by) => Due -= by;

        public void Rearm()
        {
            if (_period > TimeSpan.Zero && !_disposed)
            {
                Set(_period);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                clock._timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Set(dueTime);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan delay)
        {
            Due = clock._now + delay;
            Order = Interlocked.Increment(ref _lastOrder);
            clock._timers.Add(this);
        }
    }
}
