namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>A test on real Kubernetes parts: skipped where they are missing, but never in CI, where <c>.ci/run</c> installs them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Assets.WhySkip;
}
