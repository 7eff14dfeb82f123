namespace CanaryFunctions.Webhook.Scaling;

/// <summary>
/// Remembers for a while that this process put a message on a queue: until workers run, or a look at the queue could know better, the queue is not empty.
/// Thread-safe.
/// </summary>
internal sealed class RecentHints(TimeSpan hold, ChangeSignal changed, TimeProvider time)
{
    private long _until;

    /// <summary>When it is forgotten; in the past when there is nothing to remember.</summary>
    public DateTimeOffset Until => new(Interlocked.Read(ref _until), TimeSpan.Zero);

    public void Note()
    {
        Interlocked.Exchange(ref _until, (time.GetUtcNow() + hold).UtcTicks);
        changed.Raise();
    }
}
