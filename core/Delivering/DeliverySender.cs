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
/// Tells one receiver one notice. Whoever tells it has claimed that before, and its id is recorded in the Canary's status once the receiver took it; a delivery
/// that finds its id there does nothing: only a crash between the two can tell somebody twice.
/// </summary>
public sealed class DeliverySender(
    IHttpCaller http, DeliveryClaims claims, HookCaller hooks, EventRecorder events, AlertAddresses addresses, Catalog<INotifier> notifiers,
    CanaryOptions options, ILogger<DeliverySender> logger)
{
    // Wall clock. A chat has 5 s to answer; addresses may have to be read first.
    private static readonly TimeSpan Alerting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Null when the receiver was told, now or before; else when somebody else, who is at it, will be done or dead.</summary>
    /// <exception cref="DeliveryException">The receiver did not take it.</exception>
    public async Task<DateTimeOffset?> SendAsync(Delivery delivery, CancellationToken ct)
    {
        var reference = new ObjectRef(Kinds.Canary, delivery.Notice.Namespace, delivery.Notice.Name);
        switch (await claims.TakeAsync(reference, delivery.RecordedId, canary => LengthOf(canary, delivery), ct).ConfigureAwait(false))
        {
            case ClaimAnswer.Gone:
                logger.ReceiverGone(delivery.Target, delivery.Notice.Name);
                return null;
            case ClaimAnswer.Held { Until: var until }:
                return until;
            case ClaimAnswer.Mine { Canary: var read, Claim: var claim }:
                var told = false;
                try
                {
                    await TellAsync(read, delivery, ct).ConfigureAwait(false);
                    told = true;
                }
                finally
                {
                    await claims.EndAsync(reference, claim, told ? delivery.Notice : null, read).ConfigureAwait(false);
                }

                return null;
            default:
                return null;
        }
    }

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

    // How long telling can take at the most, whoever does it.
    private TimeSpan LengthOf(Canary canary, Delivery delivery)
    {
        if (delivery.Receiver is ReceiverKind.AlertProvider or ReceiverKind.InstallChat)
        {
            return Alerting;
        }

        var hook = HookOf(canary, delivery);
        return Reading + (hook.Timeout * (hook.Retries + 1)) + (LongestPause * hook.Retries);
    }

    private HookSpec HookOf(Canary canary, Delivery delivery) => delivery.Receiver switch
    {
        ReceiverKind.InstallEventHook => HookSpec.ForEvents(options.EventWebhook),
        ReceiverKind.PostRollout => Find(canary, HookType.PostRollout, delivery.Target),
        _ => Find(canary, HookType.Event, delivery.Target),
    };

    private async Task EventHookAsync(Canary canary, Delivery delivery, CancellationToken ct)
    {
        var entry = delivery.Notice.Entry;
        var hook = HookOf(canary, delivery);
        var answer = await hooks.CallAsync(hook, Payload(canary, delivery, hook) with { Event = EventFacts(entry) }, ct).ConfigureAwait(false);
        if (!answer.Passed)
        {
            throw new DeliveryException($"error sending event to webhook {hook.Name}: {answer.Text}");
        }
    }

    // The outcome stands whatever the hook says; an event tells what it said.
    private async Task PostRolloutAsync(Canary canary, Delivery delivery, CancellationToken ct)
    {
        var hook = HookOf(canary, delivery);
        var answer = await hooks.CallAsync(hook, Payload(canary, delivery, hook), ct).ConfigureAwait(false);
        if (answer.IsUnreachable)
        {
            throw new DeliveryException($"post-rollout hook {hook.Name} cannot be reached: {answer.Text}");
        }

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
}
