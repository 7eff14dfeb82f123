using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>analysis.webhooks</c> (contracts/hooks-alerts.md 1.1).</summary>
internal static class HookRules
{
    // Attempts are a second apart at first and half a minute at last; more would outlast every deadline.
    private const int MaxRetries = 100;

    private static readonly string[] Types = [.. HookTypes.Names.Values.Order(StringComparer.Ordinal)];

    public static void Check(SpecField hooks)
    {
        var entries = hooks.AsListOfObjects();
        NameRules.CheckCount(hooks, entries.Count, SpecLimits.MaxHooks, "webhooks");
        var seen = new HashSet<(HookType?, string)>();
        foreach (var hook in entries)
        {
            var name = NameRules.Check(hook["name"], "hook");
            hook["type"].AsOneOf("a type of webhook", Types);

            // Approvals and idempotency keys are kept by type and name.
            var type = HookTypes.Parse(hook["type"].Node.Text());
            if (name is not null && type is { } known && !seen.Add((known, name)))
            {
                hook["name"].Report($"is the name of another {HookTypes.Names[known]} webhook as well; names of one type must differ.");
            }

            CheckCall(hook);
            CheckAlerts(hook, type);
            hook["metadata"].AsMapOfTexts();
        }
    }

    private static void CheckCall(SpecField hook)
    {
        if (hook["url"].AsRequiredText("give the address to call, such as http://flagger-loadtester.test/") is not null)
        {
            hook["url"].AsUrl();
        }

        hook["timeout"].AsOptionalDuration();
        hook["retries"].AsInteger(0, MaxRetries);
        if (hook["disableTLS"].AsFlag() == true && hook["url"].Node.Text()?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true)
        {
            hook["disableTLS"].Warn("true", "changes nothing for a http URL: it accepts any certificate of a https one.");
        }
    }

    private static void CheckAlerts(SpecField hook, HookType? type)
    {
        if (hook["muteAlert"].AsFlag() == true
            && type is not (null or HookType.ConfirmRollout or HookType.ConfirmPromotion or HookType.ConfirmTrafficIncrease))
        {
            hook["muteAlert"].Warn("true", $"changes nothing: only the confirm-* webhooks send an alert of their own, {HookTypes.Names[type.Value]} does not.");
        }
    }
}
