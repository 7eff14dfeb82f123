using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>analysis.webhooks</c> (contracts/hooks-alerts.md 1.1).</summary>
internal static class HookRules
{
    private static readonly string[] Types = [.. HookTypes.Names.Values.Order(StringComparer.Ordinal)];

    public static void Check(SpecField hooks)
    {
        var seen = new HashSet<(HookType?, string)>();
        foreach (var hook in hooks.AsListOfObjects())
        {
            var name = hook["name"].AsRequiredText("give the hook's name");
            hook["type"].AsOneOf("a type of webhook", Types);

            // Approvals and idempotency keys are kept by type and name.
            if (name is not null && HookTypes.Parse(hook["type"].Node.Text()) is { } type && !seen.Add((type, name)))
            {
                hook["name"].Report($"is the name of another {HookTypes.Names[type]} webhook as well; names of one type must differ.");
            }

            if (hook["url"].AsRequiredText("give the address to call, such as http://flagger-loadtester.test/") is not null)
            {
                hook["url"].AsUrl();
            }

            hook["timeout"].AsDuration();
            hook["retries"].AsInteger(0);
            hook["muteAlert"].AsFlag();
            hook["disableTLS"].AsFlag();
            hook["metadata"].AsMapOfTexts();
        }
    }
}
