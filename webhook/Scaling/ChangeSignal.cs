namespace CanaryFunctions.Webhook.Scaling;

/// <summary>Wakes whoever waits for the next change. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Done at the next change. Taken before looking, it misses none.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
