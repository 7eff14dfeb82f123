using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>The canary's weights in order (contracts/core.md 2.7 A).</summary>
public static class WeightLadder
{
    /// <summary>
    /// The weight after this one; null when the canary has all it gets and is to be promoted. A weight that is on no rung, as after an edit during a run,
    /// goes on to the next higher rung.
    /// </summary>
    public static int? Next(AnalysisSpec analysis, int weight)
    {
        if (weight >= analysis.MaxWeight)
        {
            return null;
        }

        return analysis.StepWeight > 0
            ? Math.Min(100, weight + analysis.StepWeight)
            : analysis.StepWeights.Where(w => w > weight).Select(w => (int?)Math.Min(100, w)).Min();
    }
}
