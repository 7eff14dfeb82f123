using CanaryFunctions.Cluster.Tests.Conformance;
using CanaryFunctions.Cluster.Tests.RealParts;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>A little of every fault; all of it is <see cref="FaultCampaign"/>.</summary>
[Collection(nameof(ControlPlaneTests))]
public sealed class FaultTests(FaultedCluster cluster, ITestOutputHelper output) : IClassFixture<FaultedCluster>
{
    public static IEnumerable<object[]> OfTheCluster => FaultCatalog.OfTheCluster.Select(fault => new object[] { fault.Namespace });

    [ClusterTheory]
    [MemberData(nameof(OfTheCluster))]
    public async Task FaultOfTheCluster_LeavesNothingLost(string fault) => Check(await cluster.PlayAsync(FaultCatalog.All.Single(f => f.Namespace == fault), isWhole: false));

    [ClusterFact]
    public async Task FaultsOfOneNamespace_LeaveNothingLost()
        => Check(await Task.WhenAll(FaultCatalog.OfOneNamespace.Select(fault => cluster.PlayAsync(fault, isWhole: false))));

    private void Check(params FaultRow[] rows)
    {
        foreach (var row in rows)
        {
            output.WriteLine($"{row.Fault}: {row.What}; {row.Releases}; {row.Sent} requests, {row.Failed} failed; {row.Took.TotalSeconds:0.0} s");
        }

        rows.ShouldAllBe(row => row.Sent > 100);
        rows.Where(row => row.Problem is not null).Select(row => $"{row.Fault}: {row.Problem}").ShouldBeEmpty();
    }
}
