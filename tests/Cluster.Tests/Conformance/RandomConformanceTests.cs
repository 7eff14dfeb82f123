namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>Both servers make the same of the same writes, whatever these are.</summary>
public sealed class RandomConformanceTests(EmbeddedServer embedded, RealServer real) : IClassFixture<EmbeddedServer>, IClassFixture<RealServer>
{
    private const int Writes = 80;

    [ClusterTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(20)]
    public async Task RandomWrites_EndAlike(int seed)
    {
        var writes = new Behaviour($"seed {seed}", new RandomWrites(seed, Writes).RunAsync, "");

        var wanted = await real.TryAsync(writes, seed);

        (await embedded.TryAsync(writes, seed)).ShouldBe(wanted);
        wanted.ShouldContain(" 200");
        wanted.ShouldContain(" 409 Conflict");
    }
}
