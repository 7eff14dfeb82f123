using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>What is no release: another controller's traces, a server's new defaults, a target that was only scaled, a target that is somebody else's.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public async Task SecondCanaryOfATarget_IsHeld_TheOlderGoesOn()
    {
        var world = await new World().InitializedAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = World.CanaryObject();
        second.Metadata()["name"] = "second";
        world.Cluster.Put(Kinds.Canary, second);
        await world.Queue.EnqueueAsync(new StepMessage("test", "second", StepCauses.Sweep).ToMessage("s"), default);
        await world.RunAsync();

        var held = Canary.From(world.Cluster.Peek(new(Kinds.Canary, "test", "second"))!).Status;
        (held.Phase, held.Condition(Condition.Accepted)!.Reason).ShouldBe((CanaryPhase.None, Core.Canaries.Reasons.DuplicateTarget));
        world.SetImage("podinfo:2");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReleaseOfAnotherController_IsAdopted_WithoutARelease(bool isEqual)
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Change(World.CanaryRef, c => c["status"] = ForeignStatus("Succeeded"));
        world.Cluster.Change(World.CanaryRef, c => c.Metadata().Remove("finalizers"));
        if (!isEqual)
        {
            world.Cluster.Change(World.TargetRef, d => d.ListAt("spec", "template", "spec", "containers").First()["image"] = "podinfo:2");
        }

        var before = world.Events.Count;
        world.Hint();
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        TemplateHash.IsOurs(world.Status.LastAppliedSpec).ShouldBeTrue();
        world.PrimaryImage.ShouldBe("podinfo:1");
        world.Status.Others["trackedConfigs"].ShouldNotBeNull("what others wrote stays");
        world.Events.Skip(before).ShouldBe(isEqual ? [] : ["podinfo-primary.test runs another template than podinfo.test: the next change of the target releases it."]);
        (world.Status.Condition(Condition.PendingRevision)?.Status).ShouldBe(isEqual ? null : Condition.True);

        world.SetImage("podinfo:3");
        await world.RunAsync();
        world.PrimaryImage.ShouldBe("podinfo:3");
        world.Status.Condition(Condition.PendingRevision).ShouldBeNull();
    }

    [Theory]
    [InlineData("Progressing")]
    [InlineData("Succeeded")]
    public async Task StatusThatAnotherControllerWrote_WhereOursWas_StopsEverything_UntilTheSpecChanges(string phase)
    {
        // It writes the fields that it knows, and with that drops all others.
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Cluster.Change(World.CanaryRef, c => c["status"] = ForeignStatus(phase));
        world.SetImage("podinfo:3");
        world.Hint();
        await world.RunAsync();

        (world.RoutedToCanary, world.PrimaryImage, world.Status.NextStepAt).ShouldBe((20, "podinfo:1", null));
        world.Status.Condition(Condition.Accepted)!.Reason.ShouldBe(Core.Canaries.Reasons.ForeignController);
        world.Events[^1].ShouldStartWith("Another controller wrote status.lastAppliedSpec '5f56684589' of podinfo.test");

        world.EditCanary(spec => spec["analysis"]!["interval"] = "15s");
        world.Hint();
        await world.RunAsync();
        world.Status.Condition(Condition.Accepted)!.Status.ShouldBe(Condition.True);
        TemplateHash.IsOurs(world.Status.LastAppliedSpec).ShouldBeTrue();
    }

    [Fact]
    public async Task HashThatChangedWithoutANewGeneration_IsNoRelease()
    {
        var world = await new World().InitializedAsync();
        var hash = world.Status.LastAppliedSpec;
        var generation = world.Cluster.Peek(World.TargetRef)!.Generation();

        // An upgraded API server fills in a default: the object reads otherwise, its generation stays.
        world.Cluster.Change(World.TargetRef, d => d["spec"]!["template"]!["spec"]!["enableServiceLinks"] = true);
        world.Cluster.Change(World.CanaryRef, c => (c["status"]!["targetGeneration"], c["status"]!["observedTargetGeneration"]) = (generation + 1, generation));
        world.Hint();
        await world.RunAsync();

        (world.Status.Phase, world.Status.LastAppliedSpec == hash).ShouldBe((CanaryPhase.Initialized, false));
        world.Status.LastPromotedSpec.ShouldBe(world.Status.LastAppliedSpec);
        world.Events.ShouldNotContain(e => e.StartsWith("New revision", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TargetThatIsScaledOrLabelledAtRest_IsNoRelease()
    {
        var world = await new World().InitializedAsync();
        var before = world.Events.Count;
        world.Cluster.Change(World.TargetRef, d => d["spec"]!["replicas"] = 3);
        world.Hint();
        await world.RunAsync();
        var requests = world.Cluster.Requests.Count;
        await world.SweepAsync();
        await world.RunAsync();

        (world.Status.Phase, world.Events.Count).ShouldBe((CanaryPhase.Initialized, before));
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(3, "somebody wanted that");
        world.Cluster.Requests.Skip(requests).ShouldBe(["list canaries", "list deployments (metadata)"], "it was noted, the sweep need not look again");
    }

    [Fact]
    public async Task HashOfAnotherController_WhileARunIsOurs_StopsEverything_UntilTheSpecChanges()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Cluster.Change(World.CanaryRef, c => c["status"]!["lastAppliedSpec"] = "5f56684589");
        await world.RunAsync();

        (world.Status.CanaryWeight, world.RoutedToCanary, world.Status.NextStepAt).ShouldBe((20, 20, null));
        world.Status.Condition(Condition.Accepted)!.Reason.ShouldBe(Core.Canaries.Reasons.ForeignController);
        world.Events[^1].ShouldStartWith("Another controller wrote status.lastAppliedSpec '5f56684589' of podinfo.test");
        world.EditCanary(spec => spec["analysis"]!["interval"] = "15s");
        world.Hint();
        await world.RunAsync();
        PhaseTransitions.IsAtRest(world.Status.Phase).ShouldBeTrue($"{world.Status.Phase} {world.Status.Condition(Condition.Accepted)!.Message}");
    }

    private static JsonObject ForeignStatus(string phase) => World.Parse($$"""
        {"phase":"{{phase}}","canaryWeight":0,"failedChecks":0,"iterations":0,"lastAppliedSpec":"5f56684589","lastPromotedSpec":"5f56684589","trackedConfigs":{} }
        """);
}
