using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Analysis.Templates;

namespace CanaryFunctions.Core.Admission;

/// <summary>Everything that can be said about a MetricTemplate from the object alone (contracts/core.md 1.7).</summary>
public sealed class MetricTemplateValidator(Catalog<IMetricProvider> providers)
{
    /// <summary>All problems; empty for a good template. Never throws.</summary>
    public IReadOnlyList<SpecProblem> Validate(JsonObject template)
    {
        var problems = new List<SpecProblem>();
        var spec = new SpecField(template["spec"], "spec", problems);
        if (!spec.IsObject())
        {
            if (!spec.IsPresent)
            {
                spec.Report("is missing; give provider and query.");
            }

            return problems;
        }

        if (spec["provider"].IsObject())
        {
            CheckProvider(spec["provider"]);
        }
        else if (!spec["provider"].IsPresent)
        {
            spec["provider"].Report("is missing; give at least its type.");
        }

        var query = spec["query"];
        if (query.AsRequiredText("give the query template") is { } text && QueryTemplate.Check(text) is { } problem)
        {
            query.Report($"is not a usable query template: {problem.TrimEnd('.')}.");
        }

        return problems;
    }

    private void CheckProvider(SpecField provider)
    {
        if (provider["type"].AsRequiredText($"use one of: {string.Join(", ", providers.Names)}") is { } type && providers.Find(type) is null)
        {
            provider["type"].Report(NameHint.Unknown("a known metric provider", type, providers.Names));
        }

        if (provider["address"].AsText() is { Length: > 0 })
        {
            provider["address"].AsUrl();
        }

        provider["region"].AsText();
        provider["insecureSkipVerify"].AsFlag();
        if (provider["secretRef"].IsObject())
        {
            provider["secretRef"]["name"].AsRequiredText("give the Secret's name");
        }

        if (provider["headers"].Node is JsonObject headers)
        {
            foreach (var (name, _) in headers)
            {
                provider["headers"][name].AsListOfTexts();
            }
        }
        else
        {
            provider["headers"].IsObject();
        }
    }
}
