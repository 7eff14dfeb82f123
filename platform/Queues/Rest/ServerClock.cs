namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>
/// The service's clock as its answers tell it. Signatures, their expiry and scheduled times are judged by it, and a machine whose clock is wrong would
/// otherwise be refused, or get its messages early.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    // The header has whole seconds and is a journey old.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(5);

    private long _ahead;

    public DateTimeOffset Now => time.GetUtcNow() + Ahead;

    /// <summary>How far the service's clock is ahead of ours; zero when about the same.</summary>
    public TimeSpan Ahead => new(Interlocked.Read(ref _ahead));

    /// <param name="date">The answer's <c>Date</c>.</param>
    public void Observe(DateTimeOffset? date)
    {
        if (date is { } theirs)
        {
            var ahead = theirs - time.GetUtcNow();
            Interlocked.Exchange(ref _ahead, ahead.Duration() > Grain ? ahead.Ticks : 0);
        }
    }
}
