using System.Globalization;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Applying;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Delivering;

/// <summary>
/// Tells one receiver one notice. Its id is recorded in the Canary's status once the receiver took it, and a delivery that finds its id there does nothing:
/// only a crash between the two can tell somebody twice.
/// </summary>
public sealed class DeliverySender(
    IClusterClient cluster, IHttpCaller http, HookCaller hooks, EventRecorder events, AlertAddresses addresses, Catalog<INotifier> notifiers,
    CanaryOptions options, ILogger<DeliverySender> logger)
{
    private const int Tries = 8;

    /// <exception cref="DeliveryException">The receiver did not take it.</exception>
    public async Task SendAsync(Delivery delivery, CancellationToken ct)
    {
        var id = IdOf(delivery);
        var reference = new ObjectRef(Kinds.Canary, delivery.Notice.Namespace, delivery.Notice.Name);
        if (await cluster.GetAsync(reference, ct).ConfigureAwait(false) is not { } found)
        {
            logger.ReceiverGone(delivery.Target, delivery.Notice.Name);
            return;
        }

        var canary = Canary.From(found);
        if (canary.Status.Deliveries.Contains(id))
        {
            return;
        }

        await TellAsync(canary, delivery, ct).ConfigureAwait(false);

        // From here on the receiver has it: recording it must not be cut short by a shutdown.
        await RecordAsync(reference, id, CancellationToken.None).ConfigureAwait(false);
    }

    private static string IdOf(Delivery delivery) => Engine.RunIds.Short(delivery.Id);

    private Task TellAsync(Canary canary, Delivery delivery, CancellationToken ct) => delivery.Receiver switch
    {
        ReceiverKind.AlertProvider or ReceiverKind.InstallChat => AlertAsync(canary, delivery, ct),
        ReceiverKind.PostRollout => PostRolloutAsync(canary, delivery, ct),
        _ => EventHookAsync(canary, delivery, ct),
    };

    private async Task AlertAsync(Canary canary, Delivery delivery, CancellationToken ct)
    {
        var entry = delivery.Notice.Entry;
        var (type, address) = await addresses.OfAsync(canary, delivery, ct).ConfigureAwait(false);
        var notifier = notifiers.Find(type)
            ?? throw new DeliveryException($"alert provider {delivery.Target}: type '{type}' is not supported; use one of: {string.Join(", ", notifiers.Names)}");
        var alert = new Alert(canary.Key.ToString(), entry.Message, entry.Severity, AlertFields.Of(canary, delivery.Notice.RunId, options.ClusterName, entry.WithMetadata));
        try
        {
            var answer = await http.SendAsync(notifier.Render(alert, address), ct).ConfigureAwait(false);
            if (notifier.Problem(answer) is { } problem)
            {
                throw new DeliveryException($"alert provider {delivery.Target} send error: {problem}");
            }
        }
        catch (HttpCallException e)
        {
            throw new DeliveryException($"alert provider {delivery.Target} send error: {e.Message}", e);
        }

        logger.AlertDelivered(delivery.Target, entry.Message);
    }

    private async Task EventHookAsync(Canary canary, Delivery delivery, CancellationToken ct)
    {
        var entry = delivery.Notice.Entry;
        var hook = delivery.Receiver == ReceiverKind.InstallEventHook ? HookSpec.ForEvents(options.EventWebhook) : Find(canary, HookType.Event, delivery.Target);
        var answer = await hooks.CallAsync(hook, Payload(canary, delivery, hook) with { Event = EventFacts(entry) }, ct).ConfigureAwait(false);
        if (!answer.Passed)
        {
            throw new DeliveryException($"error sending event to webhook {hook.Name}: {answer.Text}");
        }
    }

    // The outcome stands whatever the hook says; an event tells what it said.
    private async Task PostRolloutAsync(Canary canary, Delivery delivery, CancellationToken ct)
    {
        var hook = Find(canary, HookType.PostRollout, delivery.Target);
        var answer = await hooks.CallAsync(hook, Payload(canary, delivery, hook), ct).ConfigureAwait(false);
        var said = delivery.Notice.Entry with
        {
            Kind = OutboxKind.Event,
            IsWarning = !answer.Passed,
            Reason = answer.Passed ? Reasons.HookPassed : Reasons.HookFailed,
            Message = answer.Passed ? $"Post-rollout check {hook.Name} passed" : $"Post-rollout hook {hook.Name} failed {answer.Text}",
        };
        await events.RecordAsync(canary, said, ct).ConfigureAwait(false);
    }

    private List<KeyValuePair<string, string>> EventFacts(OutboxEntry entry)
    {
        var facts = new List<KeyValuePair<string, string>>();
        if (options.ClusterName.Length > 0)
        {
            facts.Add(new("cluster", options.ClusterName));
        }

        facts.Add(new("eventMessage", entry.Message));
        facts.Add(new("eventType", entry.IsWarning ? "Warning" : "Normal"));
        facts.Add(new("timestamp", entry.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        return facts;
    }

    private static HookPayload Payload(Canary canary, Delivery delivery, HookSpec hook)
        => new(canary.Key, delivery.Notice.Entry.Phase, delivery.Notice.Checksum, hook, delivery.Notice.RunId, delivery.Id);

    private static HookSpec Find(Canary canary, HookType type, string name)
        => canary.Spec.Analysis.HooksOf(type).FirstOrDefault(h => h.Name == name)
            ?? throw new DeliveryException($"canary {canary.Key} has no {HookTypes.Names[type]} hook {name} any more");

    private async Task RecordAsync(ObjectRef reference, string id, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await cluster.GetAsync(reference, ct).ConfigureAwait(false) is { } found && Canary.From(found).Status is var status && !status.Deliveries.Contains(id))
                {
                    var recorded = found.Copy();
                    recorded["status"] = (status with { Deliveries = [.. status.Deliveries, id] }).ToJson();
                    await cluster.ReplaceStatusAsync(Kinds.Canary, recorded, ct).ConfigureAwait(false);
                }

                return;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Tries)
            {
                // A step wrote in between: read its status and put the id into that.
            }
            catch (ClusterException e) when (e.IsNotFound)
            {
                return; // Deleted meanwhile: nobody will ask for the record.
            }
        }
    }
}
