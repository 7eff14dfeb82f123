using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>analysis.alerts</c> (contracts/core.md 1.5).</summary>
internal static class AlertRules
{
    private static readonly string[] Severities = ["error", "info", "warn"];

    public static void Check(SpecField alerts, RuleContext context)
    {
        var entries = alerts.AsListOfObjects();
        NameRules.CheckCount(alerts, entries.Count, SpecLimits.MaxAlerts, "alerts");
        foreach (var alert in entries)
        {
            NameRules.Check(alert["name"], "alert");
            alert["severity"].AsOneOf("a severity", Severities);
            var provider = alert["providerRef"];
            if (provider.IsObject())
            {
                provider["name"].AsObjectName("give the AlertProvider's name");
                context.CheckNamespace(provider, "alert provider");
            }
            else if (!provider.IsPresent)
            {
                provider.Report("is missing; give the name of an AlertProvider.");
            }
        }
    }
}
