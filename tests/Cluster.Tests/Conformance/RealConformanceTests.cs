namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>What the embedded server is held to is what Kubernetes does, except for the differences between versions that the behaviours name.</summary>
public sealed class RealConformanceTests(RealServer server) : IClassFixture<RealServer>
{
    public static TheoryData<string> Names => Catalog.Names;

    [ClusterTheory]
    [MemberData(nameof(Names))]
    public async Task Kubernetes_Behaves(string name)
    {
        var (behaviour, number) = Catalog.Find(name);

        (await server.TryAsync(behaviour, number)).ShouldBe(behaviour.Real ?? behaviour.Expected);
    }
}
