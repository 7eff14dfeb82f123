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
        var entries = metrics.AsListOfObjects();
        NameRules.CheckCount(metrics, entries.Count, SpecLimits.MaxMetrics, "metrics");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var metric in entries)
        {
            if (NameRules.Check(metric["name"], "check") is { } name)
            {
                if (!names.Add(name))
                {
                    metric["name"].Report("is the name of another metric of this list as well; names must differ.");
                }

                CheckSource(metric, name, context);
                CheckBounds(metric, name);
            }

            metric["interval"].AsOptionalDuration();
            CheckQuery(metric, context);
            CheckTemplate(metric, context);
        }
    }

    private static void CheckSource(SpecField metric, string name, RuleContext context)
    {
        var hasOwn = metric["templateRef"].IsPresent || !string.IsNullOrWhiteSpace(metric["query"].Node.Text());
        if (BuiltIn.Contains(name, StringComparer.Ordinal))
        {
            if (hasOwn)
            {
                metric["name"].Warn("is the name of a built-in check, so that one is measured as well; give the query of your own another name.");
            }
            else if (context.Router is not null && context.Checks is null)
            {
                metric["name"].Report($"has no built-in query for provider '{context.Provider}'; give templateRef or query.");
            }
        }
        else if (!hasOwn)
        {
            metric["name"].Report($"{NameHint.Unknown("a built-in check", name, BuiltIn)[..^1]}, or give templateRef or query.");
        }
    }

    private static void CheckBounds(SpecField metric, string name)
    {
        metric["threshold"].AsNumber();
        var range = metric["thresholdRange"];
        if (range.IsObject())
        {
            CheckRange(range, name);
            if (metric["threshold"].IsPresent)
            {
                metric["threshold"].Warn("is not read, because thresholdRange is given too; leave it out.");
            }
        }
        else if (!range.IsPresent && !metric["threshold"].IsPresent)
        {
            metric.Warn("", name == MetricSpec.SuccessRate
                ? "has no bound, so it never fails a release; give thresholdRange.min, such as 99."
                : "has no bound, so any value above 0 fails the release; give thresholdRange.");
        }
    }

    private static void CheckRange(SpecField range, string name)
    {
        var min = range["min"].AsNumber();
        var max = range["max"].AsNumber();
        if (!range["min"].IsPresent && !range["max"].IsPresent)
        {
            range.Report("", "is empty; give min, max or both.");
        }
        else if (min is { } low && max is { } high && low > high)
        {
            range["min"].Report($"must not be more than max, {GoNumber.Shortest(high)}.");
        }
        else if (name == MetricSpec.SuccessRate && min > 100)
        {
            range["min"].Report("is a success rate that nothing can reach; give a percentage of at most 100.");
        }
        else if (BuiltIn.Contains(name, StringComparer.Ordinal) && max < 0)
        {
            range["max"].Report("is less than anything that can be measured; give 0 or more.");
        }
    }

    private static void CheckQuery(SpecField metric, RuleContext context)
    {
        if (metric["query"].AsText() is { Length: > 0 } text)
        {
            context.Queries.CheckInline(metric["query"], text, context.Canary, MetricSpec.Read(metric.Node!), InlineProvider);
        }
    }

    private static void CheckTemplate(SpecField metric, RuleContext context)
    {
        metric["templateVariables"].AsMapOfTexts();
        if (metric["templateRef"].IsObject())
        {
            metric["templateRef"]["name"].AsObjectName("give the MetricTemplate's name");
            context.CheckNamespace(metric["templateRef"], "metric template");
        }
    }
}
