using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>Skipper splits by a copy of the user's Ingress, so there has to be one.</summary>
internal sealed class SkipperRule : ISpecRule
{
    public string Provider => SkipperRouter.RouterName;

    public IEnumerable<SpecProblem> Check(Canary canary)
    {
        if (canary.Spec.IngressRef is null)
        {
            yield return new("spec.ingressRef", "", "is missing; provider skipper needs the Ingress that leads to the application.");
        }
    }
}
