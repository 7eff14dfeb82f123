using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission.Rules;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// Everything that can be said about a Canary from the object alone. Reads the raw JSON, because it runs before schema validation too, and lists all problems
/// at once. Shared by webhook, engine and command line.
/// </summary>
public sealed class CanaryValidator(
    Catalog<ITrafficRouter> routers,
    Catalog<IBuiltInChecks> checks,
    Catalog<IMetricProvider> metricProviders,
    CanaryOptions options,
    IEnumerable<ISpecRule> rules)
{
    private readonly ILookup<string, ISpecRule> _rules = rules.ToLookup(r => r.Provider, StringComparer.Ordinal);

    /// <summary>All problems in the order of the spec; empty for a good Canary. Never throws.</summary>
    public IReadOnlyList<SpecProblem> Validate(JsonObject canary)
    {
        var problems = new List<SpecProblem>();
        var spec = new SpecField(canary["spec"], "spec", problems);
        if (!spec.IsObject())
        {
            if (!spec.IsPresent)
            {
                spec.Report("is missing; give at least targetRef, service and analysis.");
            }

            return problems;
        }

        var provider = ProviderRules.Check(spec, routers, options);
        var context = new RuleContext(
            canary.Namespace(),
            provider,
            provider is null ? null : routers.Find(provider),
            provider is null ? null : checks.Find(provider),
            options.NoCrossNamespaceRefs);

        ReferenceRules.Check(spec, context);
        ServiceRules.Check(spec);
        CheckOthers(spec);
        AnalysisRules.Check(spec, context);
        CheckMetricProviders(spec, problems);
        problems.AddRange(ProviderProblems(provider, canary));
        return problems;
    }

    private static void CheckOthers(SpecField spec)
    {
        spec["metricsServer"].AsUrl();
        spec["progressDeadlineSeconds"].AsInteger(1);
        spec["skipAnalysis"].AsFlag();
        spec["revertOnDeletion"].AsFlag();
        spec["suspend"].AsFlag();
    }

    // Built-in and inline checks are asked of a Prometheus.
    private void CheckMetricProviders(SpecField spec, List<SpecProblem> problems)
    {
        if (metricProviders.Find(MetricRules.InlineProvider) is null
            && spec.Node.ListAt("analysis", "metrics").Any(m => m.At("templateRef") is null))
        {
            problems.Add(new("spec.analysis.metrics", "", $"holds built-in or inline checks, which need the metric provider '{MetricRules.InlineProvider}'; this install has none."));
        }
    }

    private IEnumerable<SpecProblem> ProviderProblems(string? provider, JsonObject canary)
    {
        if (provider is null || !_rules.Contains(provider))
        {
            return [];
        }

        var typed = Canary.From(canary);
        return _rules[provider].SelectMany(r => r.Check(typed));
    }
}
