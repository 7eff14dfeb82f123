using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>analysis.metrics</c> (contracts/core.md 1.5).</summary>
internal static class MetricRules
{
    /// <summary>Who is asked built-in and inline checks.</summary>
    public const string InlineProvider = "prometheus";

    private static readonly string[] BuiltIn = [MetricSpec.Duration, MetricSpec.SuccessRate];

    public static void Check(SpecField metrics, RuleContext context)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var metric in metrics.AsListOfObjects())
        {
            if (metric["name"].AsRequiredText("give the check's name") is { } name)
            {
                if (!names.Add(name))
                {
                    metric["name"].Report("is the name of another metric of this list as well; names must differ.");
                }

                CheckSource(metric, name, context);
            }

            metric["interval"].AsDuration();
            metric["threshold"].AsNumber();
            CheckRange(metric["thresholdRange"]);
            CheckQuery(metric["query"]);
            CheckTemplate(metric, context);
        }
    }

    private static void CheckSource(SpecField metric, string name, RuleContext context)
    {
        if (metric["templateRef"].IsPresent || !string.IsNullOrWhiteSpace(metric["query"].Node.Text()))
        {
            return;
        }

        if (!BuiltIn.Contains(name, StringComparer.Ordinal))
        {
            metric["name"].Report($"{NameHint.Unknown("a built-in check", name, BuiltIn)[..^1]}, or give templateRef or query.");
        }
        else if (context.Router is not null && context.Checks is null)
        {
            metric["name"].Report($"has no built-in query for provider '{context.Provider}'; give templateRef or query.");
        }
    }

    private static void CheckRange(SpecField range)
    {
        if (!range.IsObject())
        {
            return;
        }

        var min = range["min"].AsNumber();
        var max = range["max"].AsNumber();
        if (!range["min"].IsPresent && !range["max"].IsPresent)
        {
            range.Report("must have min or max.");
        }
        else if (min is { } low && max is { } high && low > high)
        {
            range["min"].Report($"must not be more than max, {GoNumber.Shortest(high)}.");
        }
    }

    private static void CheckQuery(SpecField query)
    {
        if (query.AsText() is { Length: > 0 } text && QueryTemplate.Check(text) is { } problem)
        {
            query.Report($"is not a usable query template: {problem.TrimEnd('.')}.");
        }
    }

    private static void CheckTemplate(SpecField metric, RuleContext context)
    {
        metric["templateVariables"].AsMapOfTexts();
        if (metric["templateRef"].IsObject())
        {
            metric["templateRef"]["name"].AsRequiredText("give the MetricTemplate's name");
            context.CheckNamespace(metric["templateRef"], "metric template");
        }
    }
}
