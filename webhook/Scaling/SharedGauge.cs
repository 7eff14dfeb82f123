namespace CanaryFunctions.Webhook.Scaling;

/// <summary>
/// One look at the queues for all who ask within a moment: KEDA asks for a metric and at once whether it is active, for every trigger. Failures are shared too.
/// Thread-safe.
/// </summary>
internal sealed class SharedGauge(IQueueGauge gauge, TimeSpan life, TimeSpan limit, TimeProvider time) : IQueueGauge
{
    private readonly Lock _gate = new();
    private Task<QueueBacklog>? _last;
    private DateTimeOffset _askedAt;

    /// <inheritdoc/>
    public Task<QueueBacklog> ReadAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_last is null || (_last.IsCompleted && now - _askedAt >= life))
            {
                (_last, _askedAt) = (LookAsync(), now);
            }

            return _last.WaitAsync(ct);
        }
    }

    // Not by the token of whoever asked first: others wait for the same answer.
    private async Task<QueueBacklog> LookAsync()
    {
        using var late = new CancellationTokenSource(limit, time);
        try
        {
            return await gauge.ReadAsync(late.Token).WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {limit.TotalSeconds} s");
        }
    }
}
