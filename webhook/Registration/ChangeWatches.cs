using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>
/// One watch for each single object that somebody else may change. They ask for metadata only: that something changed is all there is to know, and a
/// Secret's content need not travel.
/// </summary>
internal sealed class ChangeWatches(IClusterClient cluster, IReadOnlyList<ObjectRef> objects, Action changed, TimeSpan restart, TimeProvider time, ILogger<ChangeWatches> logger)
{
    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(5);

    private readonly Task?[] _running = new Task?[objects.Count];

    /// <summary>
    /// Starts every watch that does not run, and waits a little for their first lists: a look after that sees what came before them, and the watches tell what
    /// comes later. Called again and again, it starts those again that failed.
    /// </summary>
    public async Task EnsureRunningAsync(CancellationToken ct)
    {
        var lists = new List<Task>();
        for (var i = 0; i < objects.Count; i++)
        {
            if (_running[i] is not { IsCompleted: false })
            {
                var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _running[i] = FollowAsync(objects[i], listed, ct);
                lists.Add(listed.Task);
            }
        }

        await Task.WhenAll(lists).WaitAsync(ListLimit, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Until all have ended.</summary>
    public Task EndAsync() => Task.WhenAll(_running.OfType<Task>());

    private async Task FollowAsync(ObjectRef reference, TaskCompletionSource listed, CancellationToken ct)
    {
        try
        {
            var options = new ListOptions(FieldSelector: $"metadata.name={reference.Name}", MetadataOnly: true);
            await foreach (var change in cluster.WatchAsync(reference.Kind, reference.Namespace, options, ct))
            {
                if (listed.Task.IsCompleted && (change.Object is null || change.Object.Name() == reference.Name))
                {
                    changed();
                }

                if (change.Type == WatchEventType.Synced)
                {
                    listed.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.WatchFailed(e, reference.Kind.Plural, restart);
        }
        finally
        {
            listed.TrySetResult();
        }
    }
}
