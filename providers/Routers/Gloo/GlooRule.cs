using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>An <c>upstreamRef</c> has to name an Upstream of Gloo, and one that the Canary does not generate itself.</summary>
internal sealed class GlooRule : ISpecRule
{
    public string Provider => GlooRouter.RouterName;

    public IEnumerable<SpecProblem> Check(Canary canary)
    {
        if (canary.Spec.UpstreamRef is not { } config)
        {
            yield break;
        }

        if (config.ApiVersion.Length > 0 && config.Group != GlooObjects.UpstreamGroup)
        {
            yield return new("spec.upstreamRef.apiVersion", config.ApiVersion, $"is not where Upstreams are; use {GlooObjects.UpstreamGroup}/v1.");
        }

        if (GlooObjects.NamespaceOf(config, canary) == canary.Namespace && IsGenerated(config.Name, canary))
        {
            yield return new("spec.upstreamRef.name", config.Name, "is what this canary generates, so it cannot be its source; name an upstream of your own.");
        }
    }

    private static bool IsGenerated(string name, Canary canary)
        => name == $"{GlooObjects.PrimaryPrefix(canary)}{canary.Spec.Service.Port}" || name == $"{GlooObjects.CanaryPrefix(canary)}{canary.Spec.Service.Port}";
}
