using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary>How traffic moves: exactly one way, with weights in percent, and nothing that the provider cannot do.</summary>
internal static class StrategyRules
{
    private static readonly string[] HeaderWays = ["exact", "prefix", "suffix", "regex"];
    private static readonly string[] QueryWays = ["exact", "prefix", "regex"];

    public static void Check(SpecField analysis, RuleContext context)
    {
        CheckChoice(analysis);
        var step = analysis["stepWeight"].AsInteger(1, 100);
        CheckLadder(analysis["stepWeights"]);
        CheckMaximum(analysis, step);
        analysis["stepWeightPromotion"].AsInteger(0, 100);
        CheckMirror(analysis, context);
        CheckMatch(analysis["match"], context);
        if (analysis["sessionAffinity"].IsObject() && Need(RouterCapabilities.SessionAffinity, analysis["sessionAffinity"], context))
        {
            AffinityRules.Check(analysis["sessionAffinity"]);
        }
    }

    private static void CheckChoice(SpecField analysis)
    {
        var (iterations, step, ladder) = (analysis["iterations"], analysis["stepWeight"], analysis["stepWeights"]);
        if (iterations.IsPresent)
        {
            iterations.Report("asks for blue/green or A/B testing; blue/green and A/B testing are not supported by this version, use stepWeight or stepWeights.");
        }
        else if (step.IsPresent && ladder.IsPresent)
        {
            ladder.Report("cannot be given together with stepWeight; give exactly one of stepWeight and stepWeights.");
        }
        else if (!step.IsPresent && !ladder.IsPresent)
        {
            step.Report("is missing; give exactly one of stepWeight and stepWeights.");
        }
    }

    private static void CheckLadder(SpecField ladder)
    {
        var weights = ladder.AsList();
        if (weights.Count == 0 && ladder.Node is JsonArray)
        {
            ladder.Report("must not be empty; give growing weights between 1 and 100.");
        }

        int? before = null;
        foreach (var field in weights)
        {
            if (!field.IsPresent)
            {
                field.Report("must be a whole number, between 1 and 100.");
            }

            if (field.AsInteger(1, 100) is not { } weight)
            {
                continue;
            }

            if (weight <= before)
            {
                field.Report($"must be more than the weight before it, {before}.");
            }

            before = weight;
        }
    }

    private static void CheckMaximum(SpecField analysis, int? step)
    {
        var field = analysis["maxWeight"];
        if (field.AsInteger(1, 100) is not { } most)
        {
            return;
        }

        if (analysis["stepWeights"].Node is JsonArray { Count: > 0 } ladder && !analysis["stepWeight"].IsPresent)
        {
            if (ladder[^1].Integer() is { } last && last != most)
            {
                field.Warn($"is not read together with stepWeights; their last one, {last}, is the weight that is promoted.");
            }
        }
        else if (step > most)
        {
            field.Warn($"is less than the first step, so the canary gets {step} % before it is promoted; make stepWeight {most} or less.");
        }
    }

    private static void CheckMirror(SpecField analysis, RuleContext context)
    {
        var isMirrored = analysis["mirror"].AsFlag() == true;
        if (isMirrored)
        {
            Need(RouterCapabilities.Mirroring, analysis["mirror"], context);
        }

        if (analysis["mirrorWeight"].AsInteger(0, 100) is not null && !isMirrored)
        {
            analysis["mirrorWeight"].Warn("is not read without mirror: true.");
        }
    }

    private static void CheckMatch(SpecField match, RuleContext context)
    {
        var entries = match.AsListOfObjects();
        foreach (var entry in entries)
        {
            entry["headers"].AsMatches(HeaderWays, isRequired: true);
            entry["queryParams"].AsMatches(QueryWays, isRequired: false);
            entry["sourceLabels"].AsMapOfTexts();
        }

        if (entries.Count > 0 && Need(RouterCapabilities.HeaderMatch, match, context))
        {
            match.Report("", "asks for A/B testing; blue/green and A/B testing are not supported by this version, use stepWeight or stepWeights without match.");
        }
    }

    // An unknown provider is reported already; what it can do is not known.
    private static bool Need(RouterCapabilities capability, SpecField field, RuleContext context)
    {
        if (context.Router is null || context.Router.Capabilities.HasFlag(capability))
        {
            return true;
        }

        field.Report(field.Node.Flag() is true ? "true" : "", $"is not supported by provider '{context.Provider}'; leave it out.");
        return false;
    }
}
