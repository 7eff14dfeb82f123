using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>Splits traffic with a TrafficSplit in a version that the provider's name allows (contracts/routing-metrics.md 1.7).</summary>
internal sealed class SmiRouter(SmiProvider provider) : SplitRouter(provider.Name)
{
    public override IReadOnlyList<DrivenKind> Drives => [provider.Split];

    protected override SplitObject? Find(Canary canary, IServedKinds kinds)
        => provider.Split.In(kinds) is { } kind ? new SmiSplit(canary, kind, provider.Mesh) : null;

    protected override string Missing(IServedKinds kinds)
    {
        var served = kinds.FindAll(SmiSplit.Group, SmiSplit.Kind).Select(k => k.Version).ToList();
        var wanted = $"needs {SmiSplit.Kind} of {SmiSplit.Group} in version {string.Join(" or ", provider.Versions)}";
        return served.Count == 0
            ? $"{wanted}, and the cluster serves none; install the SMI definitions of your mesh"
            : $"{wanted}, but the cluster serves {string.Join(", ", served)}; name one of those in spec.provider";
    }
}
