using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Index;

/// <summary>Keeps the index by one watch a kind: Canaries as a whole, of all other kinds only metadata.</summary>
internal sealed class TargetIndexFeeder(IClusterClient cluster, TargetIndex index, CanaryOptions options, TimeProvider time, ILogger<TargetIndexFeeder> logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when every watch has delivered its first list.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Follows all kinds until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
    [
        FollowAsync(Kinds.Canary, new(), index.Apply, ct),
        .. TargetIndex.NamedKinds.Select(kind => FollowAsync(kind, new(MetadataOnly: true), change => index.Apply(kind, change), ct)),
    ]);

    private async Task FollowAsync(ResourceKind kind, ListOptions list, Action<WatchEvent> apply, CancellationToken ct)
    {
        var ns = options.Namespace.Length == 0 ? null : options.Namespace;
        var delay = FirstDelay;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in cluster.WatchAsync(kind, ns, list, ct))
                {
                    apply(change);
                    if (change.Type == WatchEventType.Synced)
                    {
                        delay = FirstDelay;
                        if (index.IsSynced)
                        {
                            _synced.TrySetResult();
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Such as a definition that is not installed yet. Whatever it is: without this watch, changes would go unseen for good.
                logger.WatchFailed(e, kind.Plural, delay);
            }

            await PauseAsync(delay, ct);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private async Task PauseAsync(TimeSpan delay, CancellationToken ct)
        => await Task.Delay(delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
