using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>spec.analysis</c> (contracts/core.md 1.4).</summary>
internal static class AnalysisRules
{
    public static void Check(SpecField spec, RuleContext context)
    {
        var analysis = spec["analysis"];
        if (!analysis.IsObject())
        {
            if (!analysis.IsPresent)
            {
                analysis.Report(spec["canaryAnalysis"].IsPresent
                    ? "is missing; flagger.app/v1beta1 calls it analysis, not canaryAnalysis."
                    : "is missing; give at least interval, threshold, and stepWeight or stepWeights.");
            }

            return;
        }

        CheckInterval(analysis["interval"], context.MinimumInterval);
        if (analysis["threshold"].IsPresent)
        {
            analysis["threshold"].AsInteger(1);
        }
        else
        {
            analysis["threshold"].Report("is missing; give the number of failed checks that rolls back, 1 or more.");
        }

        analysis["primaryReadyThreshold"].AsInteger(0, 100);
        analysis["canaryReadyThreshold"].AsInteger(0, 100);
        StrategyRules.Check(analysis, context);
        MetricRules.Check(analysis["metrics"], context);
        HookRules.Check(analysis["webhooks"]);
        AlertRules.Check(analysis["alerts"], context);
        if (!analysis["metrics"].IsPresent && !analysis["webhooks"].IsPresent && spec["skipAnalysis"].Node.Flag() != true)
        {
            analysis.Warn("", "has neither metrics nor webhooks, so nothing but pods that do not start can stop a release.");
        }
    }

    private static void CheckInterval(SpecField interval, TimeSpan minimum)
    {
        if (!interval.IsPresent)
        {
            interval.Report("is missing; give the time between checks as a Go duration, such as 10s or 1m30s.");
        }
        else if (interval.AsDuration() < minimum)
        {
            interval.Warn($"counts as {GoDuration.Format(minimum)}, the least that this install allows (setting minimum-interval).");
        }
    }
}
