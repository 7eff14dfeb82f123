using System.Net;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Index;

/// <summary>Keeps the index by one watch a kind, and what the cluster serves by one more look whenever a definition changes.</summary>
internal sealed class TargetIndexFeeder(IClusterClient cluster, TargetIndex index, CanaryOptions options, TimeProvider time, ILogger<TargetIndexFeeder> logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when every watch that the cluster allows has delivered its first list.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Told of everything that the watches tell, after the index.</summary>
    public Action<ResourceKind, WatchEvent> Told { get; init; } = (_, _) => { };

    /// <summary>Follows all kinds until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
    [
        FollowAsync(Kinds.Canary, new(), change => { index.Apply(change); Told(Kinds.Canary, change); }, ct),
        .. IndexedKinds.All.Select(k => FollowAsync(k.Kind, new(MetadataOnly: k.IsMetadataOnly), change => { index.Apply(k.Kind, change); Told(k.Kind, change); }, ct)),
    ]);

    private async Task FollowAsync(ResourceKind kind, ListOptions list, Action<WatchEvent> apply, CancellationToken ct)
    {
        var ns = options.Namespace.Length == 0 || !kind.Namespaced ? null : options.Namespace;
        var delay = FirstDelay;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in cluster.WatchAsync(kind, ns, list, ct))
                {
                    apply(change);
                    await AfterAsync(kind, change, ct);
                    delay = change.Type == WatchEventType.Synced ? FirstDelay : delay;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (ClusterException e) when (kind != Kinds.Canary && e.StatusCode is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.NotFound)
            {
                // Not allowed, or not served here: less can be said about such objects, and nobody has to wait for them.
                logger.WatchRefused(e, kind.Plural, LongestDelay);
                index.GiveUp(kind);
                Settle();
                delay = LongestDelay;
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

    private async Task AfterAsync(ResourceKind kind, WatchEvent change, CancellationToken ct)
    {
        var isSynced = change.Type == WatchEventType.Synced;
        if (kind == Kinds.CustomResourceDefinition && (isSynced || index.Defines("") is not null) && change.Type != WatchEventType.Reset)
        {
            index.Served = await cluster.ServedKindsAsync(ct);
        }

        if (isSynced)
        {
            Settle();
        }
    }

    private void Settle()
    {
        if (index.IsSynced)
        {
            _synced.TrySetResult();
        }
    }

    private async Task PauseAsync(TimeSpan delay, CancellationToken ct)
        => await Task.Delay(delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
