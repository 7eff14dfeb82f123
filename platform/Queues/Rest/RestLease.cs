using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>A message that a service lends. Renews its lock by itself until it is settled, for handlers take longer than locks last.</summary>
internal abstract class RestLease : IMessageLease
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _renewUntil;
    private readonly ITimer _renewal;

    // Renewing and settling change what names the lock, so they take turns: each waits for the one before it.
    private Task _last = Task.CompletedTask;
    private long _until;
    private volatile bool _isOver;

    protected RestLease(QueueMessage message, int deliveryCount, LeaseTerms terms)
    {
        (Message, DeliveryCount, Terms) = (message, deliveryCount, terms);
        var now = terms.Time.GetUtcNow();
        (_until, _renewUntil) = ((now + terms.Lock).UtcTicks, now + terms.RenewFor);

        // A third: one renewal may fail.
        _renewal = terms.Time.CreateTimer(_ => Renew(), null, terms.Lock / 3, terms.Lock / 3);
    }

    public QueueMessage Message { get; }

    public int DeliveryCount { get; }

    public bool IsCurrent => !_isOver && Terms.Time.GetUtcNow().UtcTicks < Interlocked.Read(ref _until);

    public Task CompleteAsync() => SettleAsync(RemoveAsync);

    public async Task<bool> AbandonAsync(TimeSpan delay, string reason = "abandoned")
    {
        var isLast = DeliveryCount >= Terms.MaxDeliveries;
        var isSettled = await SettleAsync(isLast ? ct => BuryAsync(reason, ct) : ct => PutBackAsync(delay, ct));
        return !(isLast && isSettled);
    }

    /// <summary>However often it was delivered: nobody could handle it.</summary>
    public Task BuryAtOnceAsync(string reason) => SettleAsync(ct => BuryAsync(reason, ct));

    public Task ReturnAsync(TimeSpan delay) => SettleAsync(ct => GiveBackAsync(delay, ct));

    protected LeaseTerms Terms { get; }

    /// <summary>Extends the lock; false when it is somebody else's by now. So for all that follow.</summary>
    protected abstract Task<bool> ExtendAsync(CancellationToken ct);

    protected abstract Task<bool> RemoveAsync(CancellationToken ct);

    /// <summary>After a failure: it comes again after the delay.</summary>
    protected abstract Task<bool> PutBackAsync(TimeSpan delay, CancellationToken ct);

    /// <summary>Unhandled: it comes again after the delay, as near as the service can.</summary>
    protected abstract Task<bool> GiveBackAsync(TimeSpan delay, CancellationToken ct);

    /// <summary>To the poison queue.</summary>
    protected abstract Task<bool> BuryAsync(string reason, CancellationToken ct);

    private void Renew()
    {
        lock (_gate)
        {
            if (_last.IsCompleted)
            {
                _last = Task.Run(RenewAsync);
            }
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            var asked = Terms.Time.GetUtcNow();
            if (_isOver || asked >= _renewUntil)
            {
                await _renewal.DisposeAsync();
            }
            else if (await ExtendAsync(CancellationToken.None))
            {
                Interlocked.Exchange(ref _until, (asked + Terms.Lock).UtcTicks);
            }
            else
            {
                Lose();
            }
        }
        catch (QueueException e)
        {
            Terms.Logger.RenewFailed(Terms.Queue, Message.Id, e.Message);
        }
    }

    private Task<bool> SettleAsync(Func<CancellationToken, Task<bool>> settle)
    {
        lock (_gate)
        {
            var settling = SettleAfterAsync(_last, settle);
            _last = settling;
            return settling;
        }
    }

    // Never cancelled: what the handler did is done, and a message that is not settled repeats it.
    private async Task<bool> SettleAfterAsync(Task before, Func<CancellationToken, Task<bool>> settle)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (_isOver)
        {
            return false;
        }

        await _renewal.DisposeAsync();
        try
        {
            if (await settle(CancellationToken.None))
            {
                _isOver = true;
                return true;
            }

            Lose();
        }
        catch (QueueException e)
        {
            _isOver = true;
            Terms.Logger.SettleFailed(Terms.Queue, Message.Id, e.Message);
        }

        return false;
    }

    private void Lose()
    {
        _isOver = true;
        _renewal.Dispose();
        Terms.Logger.LockLost(Terms.Queue, Message.Id);
    }
}
