using CanaryFunctions.Webhook.Scaling.Grpc;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>
/// Whether workers are needed, and how many: releases under way, notices that are not delivered, and queues that are not empty. What cannot be known is an error and
/// never a no, for KEDA keeps workers on an error and takes them away on a no.
/// </summary>
/// <param name="queues">Null where KEDA counts the queues itself, by a trigger of theirs.</param>
/// <param name="indexProblem">Why the index may be behind by more than a moment; null while it is not.</param>
internal sealed class Activity(
    WorkIndex index, RecentHints hints, IQueueGauge? queues, Func<string?> indexProblem, ScalerOptions options, ChangeSignal changed, TimeProvider time, ILogger<Activity> logger)
{
    /// <summary>Done when something changed that may be another answer.</summary>
    public Task NextChange => changed.Next;

    /// <exception cref="GrpcException">UNAVAILABLE: a source fails, and none of the others says yes.</exception>
    public async Task<bool> IsActiveAsync(TriggerMetadata trigger, CancellationToken ct)
    {
        // What is known to be there is a yes, whatever else cannot be asked.
        if (!Measure(trigger).IsEmpty || IsHinted)
        {
            return true;
        }

        CheckIndex();
        return await ReadAsync(ct) is { Steps: > 0 } or { Notices: > 0 };
    }

    /// <summary>Steps that are due or under way, and notices.</summary>
    /// <exception cref="GrpcException">UNAVAILABLE: a source fails.</exception>
    public async Task<long> AmountAsync(TriggerMetadata trigger, CancellationToken ct)
    {
        var work = Measure(trigger);
        CheckIndex();
        var backlog = await ReadAsync(ct);

        // A step that is due and its message are one piece of work.
        var steps = Math.Max(Math.Max(work.Due, backlog.Steps), IsHinted ? 1 : 0);
        return steps + work.Notices + backlog.Notices;
    }

    /// <summary>Waits for the change, or for the moment at which time alone changes the answer.</summary>
    public async Task WaitAsync(Task change, TriggerMetadata trigger, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var wait = Wait(trigger);
        var timer = Task.Delay(wait, time, over.Token);
        try
        {
            await Task.WhenAny(change, timer);
            ct.ThrowIfCancellationRequested();
        }
        finally
        {
            await over.CancelAsync();
            await timer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsHinted => hints.Until > time.GetUtcNow();

    private Workload Measure(TriggerMetadata trigger) => index.IsSynced
        ? index.Measure(trigger.Has, time.GetUtcNow() + options.Lead)
        : throw new GrpcException(GrpcCode.Unavailable, "The lists of Canaries and Deployments are not read yet.");

    private void CheckIndex()
    {
        if (indexProblem() is { } problem)
        {
            throw new GrpcException(GrpcCode.Unavailable, $"What is known of the cluster may be out of date: {problem}");
        }
    }

    private TimeSpan Wait(TriggerMetadata trigger)
    {
        // A timer that fires a grain early would find nothing due and set the next one to nought.
        var now = time.GetUtcNow();
        var due = Measure(trigger).NextDue - options.Lead;
        var next = new[] { due, IsHinted ? hints.Until : null }.Where(t => t is not null).Min();
        return next is not { } at ? options.LongestWait
            : at - now < options.ShortestWait ? options.ShortestWait
            : at - now < options.LongestWait ? at - now
            : options.LongestWait;
    }

    private async Task<QueueBacklog> ReadAsync(CancellationToken ct)
    {
        try
        {
            return queues is null ? QueueBacklog.None : await queues.ReadAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.QueuesUnreadable(e.Message);
            throw new GrpcException(GrpcCode.Unavailable, $"The queues cannot be read: {e.Message}");
        }
    }
}
