using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// Everything that can be said about an AlertProvider from the object alone (contracts/core.md 1.8). Unlike the contract's schema it allows address and
/// secretRef together; the Secret then counts.
/// </summary>
public sealed class AlertProviderValidator(Catalog<INotifier> notifiers)
{
    /// <summary>All problems; empty for a good provider. Never throws.</summary>
    public IReadOnlyList<SpecProblem> Validate(JsonObject provider) => Examine(provider).Problems;

    /// <summary>All problems and warnings. Never throws.</summary>
    public SpecFindings Examine(JsonObject provider)
    {
        var report = new SpecReport();
        var spec = new SpecField(provider["spec"], "spec", report);
        if (!spec.IsObject())
        {
            if (!spec.IsPresent)
            {
                spec.Report("is missing; give type, and address or secretRef.");
            }

            return report.Findings;
        }

        if (spec["type"].AsRequiredText($"use one of: {string.Join(", ", notifiers.Names)}") is { } type && notifiers.Find(type) is null)
        {
            spec["type"].Report(NameHint.Unknown("a known alert provider", type, notifiers.Names));
        }

        spec["channel"].AsText();
        spec["username"].AsText();
        CheckAddress(spec);
        return report.Findings;
    }

    private static void CheckAddress(SpecField spec)
    {
        var address = spec["address"].AsText();
        if (!string.IsNullOrEmpty(address))
        {
            spec["address"].AsUrl();
        }
        else if (!spec["secretRef"].IsPresent)
        {
            spec["address"].Report("", "is missing; give address, or secretRef with a Secret that has the key 'address'.");
        }

        if (spec["secretRef"].IsObject())
        {
            spec["secretRef"]["name"].AsObjectName("give the Secret's name");
        }

        spec["proxy"].AsOptionalUrl();
    }
}
