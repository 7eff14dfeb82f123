using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Engine.Applying;

/// <summary>Sends what a status decided and nobody was told yet: events to the cluster, everything else to the notice queue. Sending again changes nothing.</summary>
public sealed class Outbox(IClusterClient cluster, IStepQueue queue, EventRecorder events, CanaryOptions options, ILogger<Outbox> logger)
{
    /// <summary>Sends all entries in order, then clears them. Gives the Canary as it then is.</summary>
    public async Task<JsonObject> FlushAsync(JsonObject canaryObject, CancellationToken ct)
    {
        var canary = Canary.From(canaryObject);
        if (canary.Status.Outbox.Count == 0)
        {
            return canaryObject;
        }

        foreach (var entry in canary.Status.Outbox)
        {
            await SendAsync(canary, entry, ct).ConfigureAwait(false);
        }

        var cleared = canaryObject.Copy();
        cleared["status"] = (canary.Status with { Outbox = [] }).ToJson();
        return await cluster.ReplaceStatusAsync(Kinds.Canary, cleared, ct).ConfigureAwait(false);
    }

    private async Task SendAsync(Canary canary, OutboxEntry entry, CancellationToken ct)
    {
        if (entry.Kind == OutboxKind.Event && await events.RecordAsync(canary, entry, ct).ConfigureAwait(false))
        {
            Tell(entry);
        }

        if (HasReceivers(canary, entry))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{canary.Uid}-{canary.Status.RunId}-{entry.Step}-{entry.Index}");
            var notice = new Notice(id, canary.Namespace, canary.Key.Name, entry, HookChecksum.Of(canary.Status), canary.Status.RunId) { Cluster = options.MessageCluster };
            await queue.EnqueueAsync(notice.ToMessage(), ct).ConfigureAwait(false);
        }
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

    private bool HasReceivers(Canary canary, OutboxEntry entry) => entry.Kind switch
    {
        OutboxKind.Event => options.EventWebhook.Length > 0 || canary.Spec.Analysis.HooksOf(HookType.Event).Any(),
        OutboxKind.Alert => canary.Spec.Analysis.Alerts.Count > 0 || options.SlackUrl.Length > 0 || options.MsTeamsUrl.Length > 0,
        _ => true,
    };
}
