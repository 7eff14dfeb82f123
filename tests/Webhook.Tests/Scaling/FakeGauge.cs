using CanaryFunctions.Webhook.Scaling;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>Queues whose depth a test sets, and that it can put out of order.</summary>
internal sealed class FakeGauge : IQueueGauge
{
    private int _looks;

    public QueueBacklog Backlog { get; set; } = QueueBacklog.None;

    /// <summary>Awaited before each answer; may throw or never end.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    public int Looks => _looks;

    public async Task<QueueBacklog> ReadAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _looks);
        if (Before is { } before)
        {
            await before(ct);
        }

        return Backlog;
    }
}
