namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Something changed; whoever waits looks again.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
