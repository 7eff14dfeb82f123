using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission.Rules;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// Everything that can be said about a Canary from the object alone. Reads the raw JSON, because it runs before schema validation too, and lists all problems
/// at once, and what is allowed but will surprise. Shared by webhook, engine and command line.
/// </summary>
public sealed class CanaryValidator(
    Catalog<ITrafficRouter> routers,
    Catalog<IBuiltInChecks> checks,
    Catalog<IMetricProvider> metricProviders,
    CanaryOptions options,
    IEnumerable<ISpecRule> rules,
    IEnumerable<IMetricRule> metricRules)
{
    private readonly QueryChecks _queries = new(metricRules);
    private readonly ILookup<string, ISpecRule> _rules = rules.ToLookup(r => r.Provider, StringComparer.Ordinal);

    /// <summary>All problems in the order of the spec; empty for a good Canary. Never throws.</summary>
    public IReadOnlyList<SpecProblem> Validate(JsonObject canary) => Examine(canary).Problems;

    /// <summary>All problems and warnings in the order of the spec. Never throws.</summary>
    public SpecFindings Examine(JsonObject canary)
    {
        var report = new SpecReport();
        var spec = new SpecField(canary["spec"], "spec", report);
        if (!spec.IsObject())
        {
            if (!spec.IsPresent)
            {
                spec.Report("is missing; give at least targetRef, service and analysis.");
            }

            return report.Findings;
        }

        var provider = ProviderRules.Check(spec, routers, options);
        var context = new RuleContext(
            Canary.From(canary),
            provider,
            provider is null ? null : routers.Find(provider),
            provider is null ? null : checks.Find(provider),
            _queries,
            options);

        ReferenceRules.Check(spec, context);
        ServiceRules.Check(spec, context);
        CheckOthers(spec);
        AnalysisRules.Check(spec, context);
        CheckMetricProviders(spec);
        report.Problems.AddRange(ProviderProblems(context));
        return report.Findings;
    }

    private static void CheckOthers(SpecField spec)
    {
        spec["metricsServer"].AsOptionalUrl();
        spec["progressDeadlineSeconds"].AsInteger(1);
        spec["skipAnalysis"].AsFlag();
        spec["revertOnDeletion"].AsFlag();
        spec["suspend"].AsFlag();
    }

    // Built-in and inline checks are asked of a Prometheus.
    private void CheckMetricProviders(SpecField spec)
    {
        if (metricProviders.Find(MetricRules.InlineProvider) is null
            && spec.Node.ListAt("analysis", "metrics").Any(m => m.At("templateRef") is null))
        {
            spec["analysis"]["metrics"].Report("", $"holds built-in or inline checks, which need the metric provider '{MetricRules.InlineProvider}'; this install has none.");
        }
    }

    private IEnumerable<SpecProblem> ProviderProblems(RuleContext context)
        => context.Provider is { } provider ? _rules[provider].SelectMany(r => r.Check(context.Canary)) : [];
}
