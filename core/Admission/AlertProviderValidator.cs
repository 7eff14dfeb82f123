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
    public IReadOnlyList<SpecProblem> Validate(JsonObject provider)
    {
        var problems = new List<SpecProblem>();
        var spec = new SpecField(provider["spec"], "spec", problems);
        if (!spec.IsObject())
        {
            if (!spec.IsPresent)
            {
                spec.Report("is missing; give type, and address or secretRef.");
            }

            return problems;
        }

        if (spec["type"].AsRequiredText($"use one of: {string.Join(", ", notifiers.Names)}") is { } type && notifiers.Find(type) is null)
        {
            spec["type"].Report(NameHint.Unknown("a known alert provider", type, notifiers.Names));
        }

        spec["channel"].AsText();
        spec["username"].AsText();
        CheckAddress(spec);
        return problems;
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
            spec["address"].Report("", "is missing; give address or secretRef.");
        }

        if (spec["secretRef"].IsObject())
        {
            spec["secretRef"]["name"].AsRequiredText("give the Secret's name");
        }

        if (spec["proxy"].AsText() is { Length: > 0 })
        {
            spec["proxy"].AsUrl();
        }
    }
}
