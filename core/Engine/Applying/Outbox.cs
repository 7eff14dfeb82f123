using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Engine.Applying;

/// <summary>
/// Sends what a status decided and nobody was told yet: events to the cluster, everything else to the notice queue. Sending again changes nothing. A notice whose
/// queue dies with the process stays in the status until its receivers were told.
/// </summary>
public sealed class Outbox(IClusterClient cluster, IStepQueue queue, EventRecorder events, CanaryOptions options, TimeProvider time, ILogger<Outbox> logger)
{
    // Longer than all attempts to tell a receiver take. Who could not be told by then is not told.
    private static readonly TimeSpan LongestTelling = TimeSpan.FromMinutes(15);

    // With its event, its alert and its hooks each, a receiver that is away must not fill the status.
    private const int MostUntold = 20;

    private readonly SentEntries _sent = new(time);

    /// <summary>Sends all entries in order. Gives the Canary without those that are done, which is stored at once unless a step that comes soon does so anyway.</summary>
    public async Task<JsonObject> FlushAsync(JsonObject canaryObject, CancellationToken ct)
    {
        var canary = Canary.From(canaryObject);
        if (canary.Status.Outbox.Count == 0)
        {
            return canaryObject;
        }

        var (keep, handedOver) = queue.OutlivesProcess ? ([], await SendAsync(canary, ct).ConfigureAwait(false)) : (await RecordAsync(canary, ct).ConfigureAwait(false), false);
        var flushed = canaryObject.Copy();
        flushed["status"] = (canary.Status with { Outbox = keep }).ToJson();
        if (keep.Count < canary.Status.Outbox.Count && (handedOver || !canary.Status.ClearsSoon(time.GetUtcNow())))
        {
            flushed = await cluster.ReplaceStatusAsync(Kinds.Canary, flushed, ct).ConfigureAwait(false);
        }

        // Memory loses nothing by waiting for the write, which receivers that are told at once would be in the way of.
        foreach (var entry in keep)
        {
            await HandOverAsync(canary, entry, ct).ConfigureAwait(false);
        }

        return flushed;
    }

    /// <summary>This process has sent all that the Canary's status has to tell.</summary>
    public bool IsSent(Canary canary) => canary.Status.Outbox.All(e =>
        (e.Kind != OutboxKind.Event || _sent.Age(EventId(canary, e)) is not null)
        && (!NoticeFanOut.HasReceivers(canary, e, options) || _sent.Age(NoticeOf(canary, e).Id) is not null));

    /// <summary>In order: what a durable queue has is done. True when it got something.</summary>
    private async Task<bool> SendAsync(Canary canary, CancellationToken ct)
    {
        var handedOver = false;
        foreach (var entry in canary.Status.Outbox)
        {
            await RecordAsync(canary, entry, ct).ConfigureAwait(false);
            handedOver |= await HandOverAsync(canary, entry, ct).ConfigureAwait(false);
        }

        return handedOver;
    }

    /// <summary>The events; gives what receivers have to be told still.</summary>
    private async Task<IReadOnlyList<OutboxEntry>> RecordAsync(Canary canary, CancellationToken ct)
    {
        foreach (var entry in canary.Status.Outbox)
        {
            await RecordAsync(canary, entry, ct).ConfigureAwait(false);
        }

        var untold = canary.Status.Outbox
            .Where(e => NoticeFanOut.HasReceivers(canary, e, options) && !NoticeFanOut.IsTold(canary, NoticeOf(canary, e), canary.Status.Deliveries, options))
            .Where(e => !(_sent.Age(NoticeOf(canary, e).Id) > LongestTelling))
            .ToList();

        // Only what the queue has may go.
        return [.. untold.Where((e, i) => i >= untold.Count - MostUntold || _sent.Age(NoticeOf(canary, e).Id) is null)];
    }

    private async Task RecordAsync(Canary canary, OutboxEntry entry, CancellationToken ct)
    {
        var id = EventId(canary, entry);
        if (entry.Kind == OutboxKind.Event && _sent.Age(id) is null)
        {
            if (await events.RecordAsync(canary, entry, ct).ConfigureAwait(false))
            {
                Tell(entry);
            }

            _sent.Add(id);
        }
    }

    // False when nobody is to be told, or this process has sent it.
    private async Task<bool> HandOverAsync(Canary canary, OutboxEntry entry, CancellationToken ct)
    {
        var notice = NoticeOf(canary, entry);
        if (!NoticeFanOut.HasReceivers(canary, entry, options) || _sent.Age(notice.Id) is not null)
        {
            return false;
        }

        await queue.EnqueueAsync(notice.ToMessage(), ct).ConfigureAwait(false);
        _sent.Add(notice.Id);
        return true;
    }

    // By its text too: where others wiped the status, steps are counted from the start again.
    private string EventId(Canary canary, OutboxEntry entry) => $"{NoticeOf(canary, entry).Id}/{entry.Reason}/{entry.Message}";

    private Notice NoticeOf(Canary canary, OutboxEntry entry)
    {
        var run = entry.RunId ?? canary.Status.RunId;
        var id = string.Create(CultureInfo.InvariantCulture, $"{canary.Uid}-{run}-{entry.Step}-{entry.Index}");
        return new(id, canary.Namespace, canary.Key.Name, entry, HookChecksum.Of(canary.Status), run) { Cluster = options.MessageCluster };
    }

    // Only what was news to the cluster is news to the log.
    private void Tell(OutboxEntry entry)
    {
        if (entry.IsWarning)
        {
            logger.CanaryWarning(entry.Message);
        }
        else
        {
            logger.CanaryEvent(entry.Message);
        }
    }
}
