using System.Security.Cryptography;
using System.Text;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>
/// The tasks at work and the last ones that ended. A task that is submitted again while it runs is not started twice, unless it
/// belongs to another release: then the old one, a leftover, is stopped and the new one starts at once. Thread-safe.
/// </summary>
internal sealed class TaskRegistry(TimeProvider time, TimeSpan timeout, TaskMetrics metrics, ILogger logger) : IAsyncDisposable
{
    private const int MostEnded = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskKey, RunningTask> _byKey = [];
    private readonly Dictionary<string, RunningTask> _byId = new(StringComparer.Ordinal);
    private readonly Queue<TaskRecord> _ended = new();
    private long _started;
    private bool _closed;

    /// <summary>Starts a background task; false when it is already running.</summary>
    /// <param name="ended">Called once, before the end is seen by anyone.</param>
    public bool Start(TaskRequest request, Func<CancellationToken, Task<TaskOutcome>> work, Action<TaskRecord> ended)
        => Join(request, work, ended, waits: false).IsNew;

    /// <summary>Runs a task that the caller waits for, or waits with the others for the same one. It is stopped when all have left.</summary>
    public async Task<TaskRecord> RunAsync(
        TaskRequest request, Func<CancellationToken, Task<TaskOutcome>> work, Action<TaskRecord> ended, CancellationToken aborted)
    {
        var task = Join(request, work, ended, waits: true).Task;
        try
        {
            return await task.Ended.WaitAsync(aborted);
        }
        finally
        {
            await LeaveAsync(task);
        }
    }

    /// <summary>Running first, then the last ended, newest first.</summary>
    public IReadOnlyList<TaskRecord> List()
    {
        lock (_lock)
        {
            return [.. _byId.Values.OrderBy(t => t.StartedAt).Select(t => t.Snapshot), .. _ended.Reverse()];
        }
    }

    /// <summary>Null when no task of that id is known.</summary>
    public TaskRecord? Find(string id) => List().FirstOrDefault(t => t.Id == id);

    /// <summary>False when no task of that id is running.</summary>
    public async Task<bool> StopAsync(string id)
    {
        RunningTask? task;
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out task))
            {
                return false;
            }

            MarkStopped(task);
        }

        await task.CancelAsync();
        return true;
    }

    /// <summary>Stops everything and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        List<RunningTask> running;
        lock (_lock)
        {
            _closed = true;
            running = [.. _byId.Values];
            running.ForEach(MarkStopped);
        }

        await Task.WhenAll(running.Select(t => t.CancelAsync()));
        await Task.WhenAll(running.Select(t => t.Ended));
    }

    private (RunningTask Task, bool IsNew) Join(
        TaskRequest request, Func<CancellationToken, Task<TaskOutcome>> work, Action<TaskRecord> ended, bool waits)
    {
        RunningTask? leftover = null;
        RunningTask task;
        lock (_lock)
        {
            if (_closed)
            {
                throw new ShuttingDownException();
            }

            if (_byKey.TryGetValue(request.Key, out var running))
            {
                if (IsSameRun(running.Request.Run, request.Run))
                {
                    running.Waiters += waits ? 1 : 0;
                    return (running, false);
                }

                MarkStopped(leftover = running);
            }

            task = new(NewId(request), request, time.GetUtcNow(), new CancellationTokenSource(timeout, time)) { Waiters = 1 };
            _byKey[request.Key] = task;
            _byId[task.Id] = task;
        }

        _ = leftover?.CancelAsync();
        metrics.TaskStarted(request.Key.Type);
        _ = Task.Run(() => ExecuteAsync(task, work, ended), CancellationToken.None);
        return (task, true);
    }

    // A sender that names no run (another controller) means whatever is running.
    private static bool IsSameRun(string running, string submitted) => running == submitted || running.Length == 0 || submitted.Length == 0;

    private async Task LeaveAsync(RunningTask task)
    {
        lock (_lock)
        {
            if (--task.Waiters > 0 || !_byId.ContainsKey(task.Id))
            {
                return;
            }

            MarkStopped(task);
        }

        await task.CancelAsync();
    }

    /// <summary>From here on the key is free for a new task.</summary>
    private void MarkStopped(RunningTask task)
    {
        task.StopAsked = true;
        if (_byKey.GetValueOrDefault(task.Request.Key) == task)
        {
            _byKey.Remove(task.Request.Key);
        }
    }

    private async Task ExecuteAsync(RunningTask task, Func<CancellationToken, Task<TaskOutcome>> work, Action<TaskRecord> ended)
    {
        using var scope = logger.ForCanary(task.Request.Key.Canary);
        TaskOutcome outcome;
        try
        {
            outcome = await work(task.Token);
        }
        catch (OperationCanceledException) when (task.Token.IsCancellationRequested)
        {
            outcome = new(-1, "");
        }
        catch (Exception e)
        {
            // The task is the boundary: whatever breaks in it becomes its result, and later tasks go on.
            logger.TaskBroke(e, CommandText.Redact(task.Request.Key.Command));
            outcome = new(-1, e.Message);
        }

        task.Disarm();
        var record = Conclude(task, outcome);
        try
        {
            ended(record);
        }
        finally
        {
            // Whoever waits must not hang because a log line could not be written.
            Retire(task, record);
        }
    }

    private TaskRecord Conclude(RunningTask task, TaskOutcome outcome)
    {
        lock (_lock)
        {
            var state = task.StopAsked ? TaskState.Stopped
                : task.Token.IsCancellationRequested ? TaskState.TimedOut
                : outcome.ExitCode == 0 ? TaskState.Succeeded : TaskState.Failed;
            return task.Snapshot with
            {
                State = state,
                EndedAt = time.GetUtcNow(),
                Outcome = outcome,
                Error = TaskRecord.DescribeFailure(state, outcome, timeout),
            };
        }
    }

    private void Retire(RunningTask task, TaskRecord record)
    {
        metrics.TaskEnded(task.Request.Key.Type, record.StateName, time.GetUtcNow() - record.StartedAt);
        lock (_lock)
        {
            MarkStopped(task);
            _byId.Remove(task.Id);
            _ended.Enqueue(record);
            if (_ended.Count > MostEnded)
            {
                _ended.Dequeue();
            }
        }

        task.Complete(record);
    }

    private string NewId(TaskRequest request)
    {
        var text = $"{request.Key.Canary}\n{request.Key.Type}\n{request.Key.Command}\n{request.Run}\n{time.GetUtcNow():O}\n{++_started}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
