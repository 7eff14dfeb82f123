using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Hints;

/// <summary>Carries hints from the channel to the queue. A queue that is down costs the hint and nothing else: the sweep finds the change.</summary>
internal sealed class HintPump(HintChannel channel, IStepQueue queue, HintMetrics metrics, TimeSpan settle, TimeProvider time, ILogger<HintPump> logger)
{
    // A queue that hangs must not keep newer hints waiting for ever.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>Takes the hint over; drops it when too many wait.</summary>
    public void Offer(StepHint hint)
    {
        if (!channel.Offer(hint))
        {
            metrics.Count(HintResult.Dropped);
            logger.HintDropped(hint.Canary, channel.Capacity);
        }
    }

    /// <summary>Runs until cancelled, then sends what is left.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (await FilledAsync(ct))
        {
            foreach (var hint in channel.TakeAll())
            {
                await SendAsync(hint, ct);
            }
        }

        // These answers are out already: their hints are sent in spite of the end.
        using var limit = new CancellationTokenSource(DrainLimit, time);
        foreach (var hint in channel.TakeAll())
        {
            await SendAsync(hint, limit.Token);
        }

        foreach (var hint in channel.TakeAll())
        {
            metrics.Count(HintResult.Dropped);
            logger.HintUnsent(hint.Canary);
        }
    }

    private async Task<bool> FilledAsync(CancellationToken ct)
    {
        try
        {
            await channel.WaitAsync(ct);
            await Task.Delay(settle, time, ct);
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    // Interrupted by the token, the hint waits again.
    private async Task SendAsync(StepHint hint, CancellationToken ct)
    {
        try
        {
            using var limit = new CancellationTokenSource(SendLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
            await queue.EnqueueAsync(hint.ToMessage(), both.Token);
            metrics.Count(HintResult.Sent);
            logger.HintQueued(hint.Canary, hint.User);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Offer(hint);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            metrics.Count(HintResult.Failed);
            logger.HintFailed(e, hint.Canary);
        }
    }
}
