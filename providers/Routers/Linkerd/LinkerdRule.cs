using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Providers.Routers.Linkerd;

/// <summary>Linkerd finds services by their names, so a host of another name would never be split.</summary>
internal sealed class LinkerdRule(string provider) : ISpecRule
{
    public string Provider => provider;

    public IEnumerable<SpecProblem> Check(Canary canary)
    {
        if (canary.Spec.Service.Hosts is { Count: > 0 } hosts)
        {
            yield return new(
                "spec.service.hosts",
                string.Join(", ", hosts),
                $"is not supported by provider '{provider}', which splits calls to the service {canary.ApexService}; leave hosts out.");
        }
    }
}
