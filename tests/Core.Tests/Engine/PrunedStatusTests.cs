using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Somebody applied another CRD over ours, whose schema drops the fields that are a release's memory.</summary>
public sealed class PrunedStatusTests
{
    private static readonly string[] Kept =
        ["phase", "failedChecks", "canaryWeight", "iterations", "lastAppliedSpec", "lastPromotedSpec", "lastTransitionTime", "conditions"];

    [Fact]
    public async Task StatusThatIsPruned_HoldsTheRelease_AndItGoesOnWhenTheSchemaIsBack()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Cluster.PruneStatus = Prune;
        await world.DeliverNextAsync();
        var weight = world.RoutedToCanary;

        for (var i = 0; i < 10; i++)
        {
            await world.DeliverNextAsync();
        }

        world.RoutedToCanary.ShouldBe(weight, "nothing may move while the memory does not hold");
        world.Status.Condition(Condition.Accepted)!.Reason.ShouldBe(Reasons.SchemaPrunesStatus);
        world.Events.ShouldContain(e => e.Contains("canaries.flagger.app drops status.step", StringComparison.Ordinal));

        world.Cluster.PruneStatus = null;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Status.Condition(Condition.Accepted)!.Status.ShouldBe(Condition.True);
    }

    private static void Prune(JsonObject status)
    {
        foreach (var key in status.Select(p => p.Key).Except(Kept).ToList())
        {
            status.Remove(key);
        }
    }
}
