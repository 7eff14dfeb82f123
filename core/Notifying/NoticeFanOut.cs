using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Notifying;

/// <summary>Who is to be told of a notice. Pure.</summary>
public static class NoticeFanOut
{
    public static IReadOnlyList<Delivery> Deliveries(Canary canary, Notice notice, CanaryOptions options)
        => [.. Receivers(canary, notice.Entry, options).Select(r => new Delivery($"{notice.Id}-{r.Kind}-{r.Name}", r.Kind, r.Name, notice))];

    /// <summary>Whether anybody is to be told at all.</summary>
    public static bool HasReceivers(Canary canary, OutboxEntry entry, CanaryOptions options) => Receivers(canary, entry, options).Any();

    /// <summary>Whether everybody was.</summary>
    /// <param name="told">As <see cref="CanaryStatus.Deliveries"/> has it.</param>
    public static bool IsTold(Canary canary, Notice notice, IReadOnlyCollection<string> told, CanaryOptions options)
        => Deliveries(canary, notice, options).All(d => told.Contains(d.RecordedId));

    private static IEnumerable<(ReceiverKind Kind, string Name)> Receivers(Canary canary, OutboxEntry entry, CanaryOptions options) => entry.Kind switch
    {
        OutboxKind.Event => EventReceivers(canary, options),
        OutboxKind.Alert => AlertReceivers(canary, entry.Severity, options),
        _ => canary.Spec.Analysis.HooksOf(HookType.PostRollout).Select(h => (ReceiverKind.PostRollout, h.Name)),
    };

    // Event hooks of its own replace the install's (contracts/hooks-alerts.md 1.6).
    private static IEnumerable<(ReceiverKind Kind, string Name)> EventReceivers(Canary canary, CanaryOptions options)
    {
        var own = canary.Spec.Analysis.HooksOf(HookType.Event).ToList();
        return own.Count > 0 ? own.Select(h => (ReceiverKind.EventHook, h.Name))
            : options.EventWebhook.Length > 0 ? [(ReceiverKind.InstallEventHook, "events")]
            : [];
    }

    // Alerts of its own replace the install's (contracts/hooks-alerts.md 2.3), which may have both chats.
    private static IEnumerable<(ReceiverKind Kind, string Name)> AlertReceivers(Canary canary, AlertSeverity severity, CanaryOptions options)
    {
        if (canary.Spec.Analysis.Alerts.Count > 0)
        {
            return canary.Spec.Analysis.Alerts
                .Where(a => severity >= a.Severity)
                .Select(a => (ReceiverKind.AlertProvider, $"{a.ProviderName}.{a.ProviderNamespace ?? canary.Namespace}"))
                .Distinct();
        }

        return new (ReceiverKind Kind, string Name, string Url)[]
            {
                (ReceiverKind.InstallChat, "msteams", options.MsTeamsUrl),
                (ReceiverKind.InstallChat, "slack", options.SlackUrl),
            }
            .Where(chat => chat.Url.Length > 0)
            .Select(chat => (chat.Kind, chat.Name));
    }
}
