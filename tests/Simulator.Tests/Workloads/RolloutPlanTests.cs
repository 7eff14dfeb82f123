using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class RolloutPlanTests
{
    // wanted; current: size, available; old: size, available; expected next sizes of current and old.
    [Theory]
    [InlineData(4, 0, 0, 4, 4, 1, 4)]                                // 25 % surge: one more
    [InlineData(4, 1, 0, 4, 4, 1, 3)]                                // 25 % unavailable: one old pod may go
    [InlineData(4, 1, 0, 3, 3, 2, 3)]                                // its place is free again
    [InlineData(4, 2, 2, 3, 3, 2, 1)]                                // total 5 available: down to 3 in all
    [InlineData(4, 4, 4, 1, 1, 4, 0)]
    [InlineData(1, 0, 0, 1, 1, 1, 1)]                                // a single pod: surge, never a gap
    [InlineData(1, 1, 0, 1, 1, 1, 1)]                                // the new one is not ready: wait
    [InlineData(1, 1, 1, 1, 1, 1, 0)]
    [InlineData(2, 0, 0, 2, 0, 1, 2)]
    [InlineData(4, 1, 0, 4, 2, 1, 3)]                                // old pods that serve nobody go first
    [InlineData(2, 5, 5, 0, 0, 2, 0)]                                // scaled down
    [InlineData(0, 0, 0, 3, 3, 0, 0)]
    public void Next_RollingUpdate_KeepsAvailability(int wanted, int current, int currentAvailable, int old, int oldAvailable, int expectedCurrent, int expectedOld)
    {
        var view = View(wanted, "RollingUpdate", Set("new", current, currentAvailable), Set("old", old, oldAvailable));

        Apply(view, oldPodsRemain: false).ShouldBe((expectedCurrent, expectedOld));
    }

    [Fact]
    public void Next_RollingUpdateFromAnyState_EndsWithAllPodsNew_AndNeverTooFew()
    {
        for (var wanted = 1; wanted <= 9; wanted++)
        {
            var (current, old) = (0, wanted);
            for (var round = 0; (current, old) != (wanted, 0); round++)
            {
                round.ShouldBeLessThan(50, $"a rollout of {wanted} pods does not end");
                var view = View(wanted, "RollingUpdate", Set("new", current, current), Set("old", old, old));
                (current, old) = Apply(view, oldPodsRemain: false);
                (current + old).ShouldBeLessThanOrEqualTo(wanted + view.MaxSurge);
                (current + old).ShouldBeGreaterThanOrEqualTo(wanted - view.MaxUnavailable);
            }
        }
    }

    [Theory]
    [InlineData(2, true, 0, 0)]
    [InlineData(0, true, 0, 0)]
    [InlineData(0, false, 2, 0)]
    public void Next_Recreate_WaitsForTheOldPodsToBeGone(int old, bool oldPodsRemain, int expectedCurrent, int expectedOld)
        => Apply(View(2, "Recreate", Set("new", 0, 0), Set("old", old, old)), oldPodsRemain).ShouldBe((expectedCurrent, expectedOld));

    [Theory]
    [InlineData("30%", "0", 2, 0)]                                   // percent of surge rounds up
    [InlineData("0", "30%", 0, 1)]                                   // percent of unavailable rounds down
    [InlineData("0", "0", 0, 1)]                                     // both 0 could never move
    public void Bounds_OfFivePods_AreRoundedAsInKubernetes(string surge, string unavailable, int expectedSurge, int expectedUnavailable)
    {
        var view = View(5, "RollingUpdate", Set("new", 0, 0), Set("old", 5, 5));
        view.Deployment.Section("spec").Section("strategy")["rollingUpdate"] = new JsonObject { ["maxSurge"] = Number(surge), ["maxUnavailable"] = Number(unavailable) };

        (view.MaxSurge, view.MaxUnavailable).ShouldBe((expectedSurge, expectedUnavailable));
    }

    private static JsonNode Number(string text) => int.TryParse(text, out var number) ? number : text;

    private static (int Current, int Old) Apply(DeploymentView view, bool oldPodsRemain)
    {
        var next = RolloutPlan.Next(view, oldPodsRemain).ToDictionary(s => s.Set.Name(), s => s.Replicas);
        return (next.GetValueOrDefault("new", DeploymentView.Size(view.Current!)), next.GetValueOrDefault("old", DeploymentView.Size(view.Older[0])));
    }

    private static DeploymentView View(int wanted, string strategy, JsonObject current, JsonObject old)
    {
        var deployment = KubeObject.New(Kinds.Deployment, "test", "podinfo");
        deployment["spec"] = new JsonObject { ["replicas"] = wanted, ["strategy"] = new JsonObject { ["type"] = strategy } };
        return new(deployment, current, [old]);
    }

    private static JsonObject Set(string name, int size, int available)
    {
        var set = KubeObject.New(WorkloadKinds.ReplicaSet, "test", name);
        set["spec"] = new JsonObject { ["replicas"] = size };
        set["status"] = new JsonObject { ["replicas"] = size, ["availableReplicas"] = available };
        return set;
    }
}
