using CanaryFunctions.Cluster.Tests.RealParts;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>As <see cref="ClusterFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterTheoryAttribute : TheoryAttribute
{
    public ClusterTheoryAttribute() => Skip = Assets.WhySkip;
}
