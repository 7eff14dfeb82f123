using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>The Skipper guide's application on a cluster that something is done to.</summary>
internal sealed class FaultStage : ClusterStage
{
    private const int Weight = 25;

    private FaultStage(RealCluster cluster, Fault fault)
        : base(cluster, Guide, new(fault.Namespace), new())
    {
    }

    internal static GuideCase Guide => SkipperGuideTests.Definition;

    /// <summary>With the Canary at rest, before its first release.</summary>
    internal static async Task<FaultStage> OpenAsync(RealCluster cluster, Fault fault)
    {
        var stage = new FaultStage(cluster, fault);
        await stage.ConnectAsync();
        await stage.SetUpAsync(Guide, analysis =>
        {
            Brisk(analysis);
            Analysis.WithoutLoad(analysis);
            analysis["stepWeight"] = Weight;
            analysis["maxWeight"] = 2 * Weight;
            fault.Edit(analysis);
        });
        return stage;
    }

    /// <summary>Deletes an object and waits until it is made again.</summary>
    internal async Task RemakeAsync(ResourceKind kind, string name)
    {
        var uid = Feed.Find(kind, name)!.Uid();
        await KubectlAsync("delete", $"{kind.Plural}/{name}");
        await UntilAsync(() => Feed.Find(kind, name) is { } made && made.Uid() != uid, $"{name} is made again");
    }
}
