namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>A task at work. Its mutable parts belong to the <see cref="TaskRegistry"/>'s lock.</summary>
internal sealed class RunningTask(string id, TaskRequest request, DateTimeOffset startedAt, CancellationTokenSource stop)
{
    private readonly TaskCompletionSource<TaskRecord> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public TaskRequest Request => request;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Cancelled by a stop or by the timeout.</summary>
    public CancellationToken Token { get; } = stop.Token;

    public Task<TaskRecord> Ended => _ended.Task;

    /// <summary>Requests that wait for the end; when the last one leaves, the task stops. A background task counts as one that never leaves.</summary>
    public int Waiters { get; set; }

    /// <summary>Someone asked for the end, as opposed to a timeout.</summary>
    public bool StopAsked { get; set; }

    public TaskRecord Snapshot => new(id, request, TaskState.Running, startedAt);

    public Task CancelAsync() => stop.CancelAsync();

    public void Complete(TaskRecord record) => _ended.SetResult(record);

    /// <summary>Ends the timeout. The source itself is left to the collector, for a late <see cref="CancelAsync"/> must not fail.</summary>
    public void Disarm() => stop.CancelAfter(Timeout.InfiniteTimeSpan);
}
