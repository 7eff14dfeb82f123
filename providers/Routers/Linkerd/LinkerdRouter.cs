using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Providers.Routers.Shared;
using CanaryFunctions.Providers.Routers.Smi;

namespace CanaryFunctions.Providers.Routers.Linkerd;

/// <summary>
/// Splits calls to the apex service in a Linkerd mesh: with a TrafficSplit where the SMI extension is installed, else with an HTTPRoute, which Linkerd itself
/// obeys since 2.13 (contracts/routing-metrics.md 1.7).
/// </summary>
internal sealed class LinkerdRouter(SmiProvider provider) : SplitRouter(provider.Name)
{
    public override IReadOnlyList<DrivenKind> Drives => [provider.Split, .. ServiceRoute.Forms];

    protected override SplitObject? Find(Canary canary, IServedKinds kinds)
        => provider.Split.In(kinds) is { } split ? new SmiSplit(canary, split, provider.Mesh)
            : ServiceRoute.KindIn(kinds) is { } route ? new ServiceRoute(canary, route)
            : null;

    protected override string Missing(IServedKinds kinds)
        => $"needs {SmiSplit.Kind} of {SmiSplit.Group}, or {ServiceRoute.Wanted}, and the cluster serves none of them; install the linkerd-smi extension, or Linkerd 2.13 or later";
}
