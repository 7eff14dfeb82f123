using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>
/// One queue. One timer serves all waiting: it is set to whatever falls due next. Waits are measured from when they begin, so that setting the clock changes none.
/// </summary>
internal sealed class NamedQueue : IDisposable
{
    private const int MaxDeadLetters = 1000;

    // A clock that is kept right runs slower for a while: nothing may come before its time on the wall. One that is further behind was set back.
    private static readonly TimeSpan MostSteered = TimeSpan.FromMinutes(1);

    private readonly InProcessQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Entry, (TimeSpan Due, long Sequence)> _waiting = new();
    private readonly PriorityQueue<Entry, (TimeSpan Deadline, long Sequence)> _ready = new();
    private readonly Dictionary<Lease, (Entry Entry, TimeSpan Until)> _inFlight = [];
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private readonly RecentIds _recent;
    private readonly Queue<DeadLetter> _dead = new();
    private readonly ITimer _timer;
    private TaskCompletionSource _changed = NewSignal();
    private long _sequence;

    public NamedQueue(InProcessQueueOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _recent = new RecentIds(options.DuplicateWindow);
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False when the message was dropped as a duplicate.</summary>
    public bool Enqueue(QueueMessage message)
    {
        lock (_gate)
        {
            var now = _time.Steady();
            if (_present.Contains(message.Id) || !_recent.Add(message.Id, now))
            {
                return false;
            }

            _present.Add(message.Id);
            Wait(new Entry(message), message.NotBefore is { } due ? now + (due - _time.GetUtcNow()) : now);
            return true;
        }
    }

    public async Task<Lease> ReceiveAsync(CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Take() is { } lease)
                {
                    return lease;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(ct);
        }
    }

    public bool IsCurrent(Lease lease)
    {
        lock (_gate)
        {
            return _inFlight.TryGetValue(lease, out var held) && held.Until > _time.Steady();
        }
    }

    public void Complete(Lease lease)
    {
        lock (_gate)
        {
            if (_inFlight.Remove(lease))
            {
                _present.Remove(lease.Message.Id);
            }
        }
    }

    /// <summary>False when the message became a dead letter.</summary>
    public bool Abandon(Lease lease, TimeSpan delay, string reason)
    {
        lock (_gate)
        {
            return !_inFlight.Remove(lease, out var held) || Redeliver(held.Entry, delay, reason);
        }
    }

    public void Return(Lease lease, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_inFlight.Remove(lease, out var held))
            {
                held.Entry.Deliveries--;
                Wait(held.Entry, _time.Steady() + delay);
            }
        }
    }

    public QueueDepth Depth()
    {
        lock (_gate)
        {
            var now = _time.Steady();
            var due = _waiting.UnorderedItems.Count(i => i.Priority.Due <= now);
            return new QueueDepth(_ready.Count + due, _waiting.Count - due, _inFlight.Count, _dead.Count);
        }
    }

    public IReadOnlyList<DeadLetter> DeadLetters()
    {
        lock (_gate)
        {
            return [.. _dead];
        }
    }

    public void Dispose() => _timer.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first message that is due. Sets the timer when there is none.</summary>
    private Lease? Take()
    {
        var now = _time.Steady();
        ReclaimExpired(now);
        MoveDue(now);
        if (_ready.TryDequeue(out var entry, out _))
        {
            entry.Deliveries++;
            var lease = new Lease(this, entry.Message, entry.Deliveries);
            _inFlight.Add(lease, (entry, now + _options.VisibilityTimeout));
            return lease;
        }

        SetTimer(now);
        return null;
    }

    // Of all that is due those that can wait come later.
    private void MoveDue(TimeSpan now)
    {
        while (_waiting.TryPeek(out var entry, out var priority) && priority.Due <= now)
        {
            _waiting.Dequeue();
            if (entry.Message.NotBefore - _time.GetUtcNow() is { } early && early > TimeSpan.Zero && early < MostSteered)
            {
                Enqueue(entry, now + early);
            }
            else
            {
                _ready.Enqueue(entry, (priority.Due + entry.Message.Patience, priority.Sequence));
            }
        }
    }

    private void ReclaimExpired(TimeSpan now)
    {
        foreach (var (lease, held) in _inFlight.Where(f => f.Value.Until <= now).ToList())
        {
            _inFlight.Remove(lease);
            Redeliver(held.Entry, TimeSpan.Zero, "not settled in time");
        }
    }

    private bool Redeliver(Entry entry, TimeSpan delay, string reason)
    {
        if (entry.Deliveries < _options.MaxDeliveries)
        {
            Wait(entry, _time.Steady() + delay);
            return true;
        }

        _present.Remove(entry.Message.Id);
        _dead.Enqueue(new DeadLetter(entry.Message, entry.Deliveries, reason, _time.GetUtcNow()));
        if (_dead.Count > MaxDeadLetters)
        {
            _dead.Dequeue();
        }

        return false;
    }

    private void Wait(Entry entry, TimeSpan due)
    {
        Enqueue(entry, due);
        Wake();
    }

    private void Enqueue(Entry entry, TimeSpan due) => _waiting.Enqueue(entry, (due, _sequence++));

    /// <summary>Due next: a waiting message, or one in flight whose time is up.</summary>
    private void SetTimer(TimeSpan now)
    {
        var next = _waiting.TryPeek(out _, out var priority) ? priority.Due : TimeSpan.MaxValue;
        foreach (var (_, until) in _inFlight.Values)
        {
            next = until < next ? until : next;
        }

        // A timer takes no more than some 49 days.
        var longest = TimeSpan.FromDays(1);
        _timer.Change(next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next - now < longest ? next - now : longest, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_gate)
        {
            var changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
    }

    private sealed class Entry(QueueMessage message)
    {
        public QueueMessage Message { get; } = message;

        public int Deliveries { get; set; }
    }
}
