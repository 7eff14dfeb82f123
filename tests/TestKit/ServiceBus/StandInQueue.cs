using System.Globalization;

namespace CanaryFunctions.TestKit.ServiceBus;

/// <summary>One queue of the stand-in, with the service's rules for locks, counts, expiry and duplicates.</summary>
public sealed class StandInQueue(string name, StandInQueueOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<StandInMessage> _messages = [];
    private readonly List<StandInMessage> _dead = [];
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastNumber;
    private int _lastToken;

    public string Name => name;

    /// <summary>Makes of each message that is taken those that are kept: later, or several times, as no queue of this service would. Default: the message itself.</summary>
    public Func<StandInMessage, IEnumerable<StandInMessage>> Meddle { get; set; } = message => [message];

    /// <summary>What is there now: ready, scheduled and locked.</summary>
    public IReadOnlyList<StandInMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                Settle();
                return [.. _messages];
            }
        }
    }

    /// <summary>What the service itself gave up on.</summary>
    public IReadOnlyList<StandInMessage> DeadLetters
    {
        get
        {
            lock (_gate)
            {
                Settle();
                return [.. _dead];
            }
        }
    }

    /// <summary>All or, in the caller's hands, nothing. Duplicates are taken and dropped.</summary>
    internal void Add(IReadOnlyList<StandInMessage> messages)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var message in messages.Where(m => IsNew(m.MessageId, now)).SelectMany(Meddle))
            {
                var life = message.TimeToLive < options.DefaultTimeToLive ? message.TimeToLive : options.DefaultTimeToLive;
                var due = message.ScheduledFor > now ? message.ScheduledFor.Value : now;
                _messages.Add(message with { SequenceNumber = ++_lastNumber, EnqueuedAt = due, TimeToLive = life });
            }

            Wake();
        }
    }

    /// <summary>Locks the next message, or takes it away; null when none came in time.</summary>
    internal async Task<StandInMessage?> NextAsync(TimeSpan wait, bool remove, CancellationToken ct)
    {
        var until = time.GetUtcNow() + wait;
        while (true)
        {
            Task changed;
            TimeSpan pause;
            lock (_gate)
            {
                if (Take(remove) is { } found)
                {
                    return found;
                }

                var now = time.GetUtcNow();
                if (now >= until)
                {
                    return null;
                }

                changed = _changed.Task;
                pause = NextChange(until) - now;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(changed, Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1), time, over.Token));
            await over.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    /// <summary>False when the lock is not (any more) this one.</summary>
    internal bool Complete(string token) => WithLock(token, message => _messages.Remove(message));

    internal bool Abandon(string token) => WithLock(token, message => message.LockToken = null);

    internal bool Renew(string token) => WithLock(token, message => message.LockedUntil = time.GetUtcNow() + options.LockDuration);

    internal StandInMessage? TakeDead()
    {
        lock (_gate)
        {
            Settle();
            var found = _dead.FirstOrDefault();
            _dead.Remove(found!);
            return found;
        }
    }

    private bool WithLock(string token, Action<StandInMessage> act)
    {
        lock (_gate)
        {
            Settle();
            if (_messages.Find(m => m.LockToken == token) is not { } message)
            {
                return false;
            }

            act(message);
            Wake();
            return true;
        }
    }

    private StandInMessage? Take(bool remove)
    {
        Settle();
        var now = time.GetUtcNow();
        if (_messages.Where(m => m.LockToken is null && m.EnqueuedAt <= now).MinBy(m => m.SequenceNumber) is not { } found)
        {
            return null;
        }

        found.DeliveryCount++;
        if (remove)
        {
            _messages.Remove(found);
            return found;
        }

        found.LockToken = string.Create(CultureInfo.InvariantCulture, $"7da9cfd5-40d5-4bb1-8d64-{++_lastToken:x12}");
        found.LockedUntil = now + options.LockDuration;
        return found;
    }

    // What time has done: locks end, messages expire, and one that was delivered too often dies.
    private void Settle()
    {
        var now = time.GetUtcNow();
        foreach (var message in _messages.Where(m => m.LockToken is not null && m.LockedUntil <= now))
        {
            message.LockToken = null;
        }

        foreach (var message in _messages.Where(m => m.LockToken is null && (m.HasExpired(now) || m.DeliveryCount >= options.MaxDeliveryCount)).ToList())
        {
            _messages.Remove(message);
            if (message.DeliveryCount >= options.MaxDeliveryCount || options.DeadLetterOnExpiration)
            {
                _dead.Add(message);
            }
        }
    }

    private bool IsNew(string id, DateTimeOffset now)
    {
        if (options.DuplicateWindow <= TimeSpan.Zero)
        {
            return true;
        }

        if (_seen.TryGetValue(id, out var at) && now - at < options.DuplicateWindow)
        {
            return false;
        }

        _seen[id] = now;
        return true;
    }

    // What became due since the look before is in the past: the caller looks again at once.
    private DateTimeOffset NextChange(DateTimeOffset until) => _messages
        .Select(m => m.LockToken is not null ? m.LockedUntil : m.EnqueuedAt)
        .Append(until)
        .Min();

    private void Wake()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
