using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Core.Admission;

/// <summary>Everything that can be said about a MetricTemplate from the object alone (contracts/core.md 1.7).</summary>
public sealed class MetricTemplateValidator(Catalog<IMetricProvider> providers, IEnumerable<IMetricRule> metricRules)
{
    private readonly QueryChecks _queries = new(metricRules);

    /// <summary>All problems; empty for a good template. Never throws.</summary>
    public IReadOnlyList<SpecProblem> Validate(JsonObject template) => Examine(template).Problems;

    /// <summary>All problems and warnings. Never throws.</summary>
    public SpecFindings Examine(JsonObject template)
    {
        var report = new SpecReport();
        var spec = new SpecField(template["spec"], "spec", report);
        if (!spec.IsObject())
        {
            if (!spec.IsPresent)
            {
                spec.Report("is missing; give provider and query.");
            }

            return report.Findings;
        }

        string? type = null;
        if (spec["provider"].IsObject())
        {
            type = CheckProvider(spec["provider"]);
        }
        else if (!spec["provider"].IsPresent)
        {
            spec["provider"].Report("is missing; give at least its type.");
        }

        if (spec["query"].AsRequiredText("give the query template") is { } text)
        {
            _queries.CheckTemplate(spec["query"], text, type);
        }

        return report.Findings;
    }

    // The type; null when it is none.
    private string? CheckProvider(SpecField provider)
    {
        var type = provider["type"].AsRequiredText($"use one of: {string.Join(", ", providers.Names)}");
        if (type is not null && providers.Find(type) is null)
        {
            provider["type"].Report(NameHint.Unknown("a known metric provider", type, providers.Names));
        }

        if (provider["address"].AsText() is { Length: > 0 })
        {
            provider["address"].AsUrl();
        }
        else if (type is not null && _queries.NeedsAddress(type))
        {
            provider["address"].Report("", $"is missing; give the URL of the {type} server, such as http://{type}.monitoring:9090.");
        }

        provider["region"].AsText();
        provider["insecureSkipVerify"].AsFlag();
        if (provider["secretRef"].IsObject())
        {
            provider["secretRef"]["name"].AsObjectName("give the Secret's name");
        }

        CheckHeaders(provider["headers"]);
        return type;
    }

    // A header may hold a key: its value is not shown.
    private static void CheckHeaders(SpecField headers)
    {
        if (!headers.IsObject())
        {
            return;
        }

        foreach (var (name, value) in (JsonObject)headers.Node!)
        {
            var header = headers[name];
            if (value is not JsonArray)
            {
                header.Report("", "must be a list of strings, such as [\"value\"].");
            }
            else
            {
                header.AsListOfTexts();
            }

            if (!HttpToken.Is(name))
            {
                headers.Report(name, "is no name of a header: letters, digits and '-'.");
            }
        }
    }
}
