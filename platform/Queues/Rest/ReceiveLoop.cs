using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>Asks one queue until a message comes, with growing pauses while there is none, or while there is no queue. Shared by all who receive from it.</summary>
internal sealed class ReceiveLoop(string queue, TimeSpan firstPause, TimeSpan longestPause, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private int _isFailing;

    /// <param name="receive">One look at the queue; null when it is empty.</param>
    public async Task<IMessageLease> NextAsync(Func<CancellationToken, Task<IMessageLease?>> receive, CancellationToken ct)
    {
        var (empty, failures) = (0, 0);
        while (true)
        {
            TimeSpan pause;
            try
            {
                var lease = await receive(ct);
                Recovered();
                if (lease is not null)
                {
                    return lease;
                }

                failures = 0;
                pause = Growing(firstPause, empty++, longestPause);
            }
            catch (QueueException e)
            {
                // A refusal too is only for now: queues are created and rights are given while we run.
                pause = e.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : Growing(FirstRetry, failures++, LongestRetry);
                Failed(e);
            }

            await Task.Delay(pause, time, ct);
        }
    }

    private static TimeSpan Growing(TimeSpan first, int times, TimeSpan longest)
    {
        var pause = first * Math.Pow(2, Math.Min(times, 16));
        return pause < longest ? pause : longest;
    }

    // Once an outage, not once a try.
    private void Failed(QueueException error)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            logger.ReceiveFailed(queue, error.Message, LongestRetry);
        }
    }

    private void Recovered()
    {
        if (Interlocked.Exchange(ref _isFailing, 0) == 1)
        {
            logger.ReceiveRecovered(queue);
        }
    }
}
