using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>Splits traffic with a TrafficSplit in a version that the provider's name allows (contracts/routing-metrics.md 1.7).</summary>
internal sealed class SmiRouter(SmiProvider provider) : SplitRouter(provider.Name)
{
    /// <summary>The best of the allowed versions that the cluster serves; null when it serves none.</summary>
    public static ResourceKind? KindFor(SmiProvider provider, IServedKinds kinds)
    {
        var served = kinds.FindAll(SmiSplit.Group, SmiSplit.Kind);
        return provider.Versions.Select(v => served.FirstOrDefault(k => k.Version == v)).FirstOrDefault(k => k is not null);
    }

    protected override SplitObject? Find(Canary canary, IServedKinds kinds)
        => KindFor(provider, kinds) is { } kind ? new SmiSplit(canary, kind, provider.Mesh) : null;

    protected override string Missing(IServedKinds kinds)
    {
        var served = kinds.FindAll(SmiSplit.Group, SmiSplit.Kind).Select(k => k.Version).ToList();
        var wanted = $"needs {SmiSplit.Kind} of {SmiSplit.Group} in version {string.Join(" or ", provider.Versions)}";
        return served.Count == 0
            ? $"{wanted}, and the cluster serves none; install the SMI definitions of your mesh"
            : $"{wanted}, but the cluster serves {string.Join(", ", served)}; name one of those in spec.provider";
    }
}
