namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>The embedded server behaves as Kubernetes does: see <see cref="RealConformanceTests"/>, which holds the same expectations against the real one.</summary>
public sealed class EmbeddedConformanceTests(EmbeddedServer server) : IClassFixture<EmbeddedServer>
{
    public static TheoryData<string> Names => Catalog.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EmbeddedServer_Behaves(string name)
    {
        var (behaviour, number) = Catalog.Find(name);

        (await server.TryAsync(behaviour, number)).ShouldBe(behaviour.Expected);
    }

    [Fact]
    public void Differences_AreFew_AndExplained()
    {
        var different = Catalog.All.Where(b => b.Real is not null).ToList();

        different.ShouldAllBe(b => b.Because!.Length > 0 && b.Real != b.Expected);
        Catalog.All.Where(b => b.Real is null).ShouldAllBe(b => b.Because == null);
        different.Count.ShouldBeLessThan(Catalog.All.Count / 5);
    }
}
