using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary>How traffic moves: exactly one way, with weights in percent, and nothing that the provider cannot do.</summary>
internal static class StrategyRules
{
    public static void Check(SpecField analysis, RuleContext context)
    {
        CheckChoice(analysis);
        analysis["stepWeight"].AsInteger(1, 100);
        CheckLadder(analysis["stepWeights"]);
        analysis["maxWeight"].AsInteger(1, 100);
        analysis["stepWeightPromotion"].AsInteger(0, 100);
        CheckMirror(analysis, context);
        CheckMatch(analysis["match"], context);
        CheckAffinity(analysis["sessionAffinity"], context);
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
        if (weights.Count == 0 && ladder.Node is System.Text.Json.Nodes.JsonArray)
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

    private static void CheckMirror(SpecField analysis, RuleContext context)
    {
        if (analysis["mirror"].AsFlag() == true)
        {
            Need(RouterCapabilities.Mirroring, analysis["mirror"], context);
        }

        analysis["mirrorWeight"].AsInteger(0, 100);
    }

    private static void CheckMatch(SpecField match, RuleContext context)
    {
        if (match.AsListOfObjects().Count > 0 && Need(RouterCapabilities.HeaderMatch, match, context))
        {
            match.Report("asks for A/B testing; blue/green and A/B testing are not supported by this version, use stepWeight or stepWeights without match.");
        }
    }

    private static void CheckAffinity(SpecField affinity, RuleContext context)
    {
        if (!affinity.IsObject() || !Need(RouterCapabilities.SessionAffinity, affinity, context))
        {
            return;
        }

        var cookie = affinity["cookieName"].AsRequiredText("give the cookie's name");
        if (cookie is not null && cookie == affinity["primaryCookieName"].AsText())
        {
            affinity["primaryCookieName"].Report("can't use the same cookie name for both primary and cookie name; please update them to be different.");
        }

        affinity["maxAge"].AsInteger(0);
        affinity["sameSite"].AsOneOf("a value of SameSite", ["Lax", "None", "Strict"]);
        affinity["domain"].AsText();
        affinity["path"].AsText();
        affinity["httpOnly"].AsFlag();
        affinity["partitioned"].AsFlag();
        affinity["secure"].AsFlag();
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
