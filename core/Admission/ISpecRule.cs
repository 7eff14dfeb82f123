using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// A rule that one provider adds to the validator, such as "this router needs an ingressRef". All that are registered are found; the validator asks only
/// those of the provider that the Canary uses.
/// </summary>
public interface ISpecRule
{
    /// <summary>Exact name of the routing provider whose Canaries it is for.</summary>
    string Provider { get; }

    /// <summary>What is wrong; none when all is well. The Canary may be wrong in any other way too. Never throws.</summary>
    IEnumerable<SpecProblem> Check(Canary canary);
}
