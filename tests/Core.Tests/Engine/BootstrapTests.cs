using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>How a Canary begins: from nothing, without what it refers to, and after another controller.</summary>
public sealed class BootstrapTests
{
    [Fact]
    public async Task PrimaryThatDoesNotBecomeReady_LeavesTheTargetUp()
    {
        var world = new World();
        world.Cluster.BeforeWrite = _ =>
        {
            world.BreakPods(World.PrimaryRef);
            return Task.CompletedTask;
        };
        world.Hint();
        for (var i = 0; i < 60; i++)
        {
            await world.DeliverNextAsync();
        }

        world.Status.Phase.ShouldBe(CanaryPhase.Initializing);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(2);
        world.RoutedToCanary.ShouldBe(-1, "users' own routing stays until the primary can serve");
        world.Cluster.Peek(new(Kinds.Service, "test", "podinfo")).ShouldBeNull();

        world.Cluster.BeforeWrite = null;
        world.HealPods();
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
    }

    [Fact]
    public async Task ApexService_IsSwitchedToThePrimary_BeforeTheTargetGoesDown()
    {
        var world = new World();
        var order = new List<string>();
        world.Cluster.AfterWrite = what =>
        {
            order.Add(what);
            return Task.CompletedTask;
        };
        await world.InitializedAsync();

        var (apex, route, down) = (order.IndexOf("create service podinfo.test"), order.IndexOf("create route podinfo.test"), order.IndexOf("patch deployment podinfo.test"));
        (apex >= 0 && apex < route && route < down).ShouldBeTrue(string.Join('\n', order));
        order.IndexOf("patch canary podinfo.test").ShouldBe(0, "the finalizer comes before anything is generated");
    }

    [Fact]
    public async Task RouteThatCannotBeWritten_Holds_AndIsTakenUpWhenItCan()
    {
        var world = new World();
        world.Router.Problem = "ingress podinfo.test does not exist";
        world.Hint();
        await world.RunAsync(() => world.Status.Condition(Condition.Accepted)?.Status == Condition.False);
        for (var i = 0; i < 5; i++)
        {
            await world.DeliverNextAsync();
        }

        world.Status.Condition(Condition.Accepted)!.Message.ShouldBe("ingress podinfo.test does not exist");
        world.CountOf("ingress podinfo.test does not exist").ShouldBe(1);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(2);
        world.Router.Problem = null;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
        world.Status.Condition(Condition.Accepted)!.Status.ShouldBe(Condition.True);
    }

    [Fact]
    public async Task MissingTarget_Holds_AndIsTakenUpWhenItAppears()
    {
        var world = new World();
        var target = world.Cluster.Peek(World.TargetRef)!;
        world.Cluster.Remove(World.TargetRef);
        world.Hint();
        for (var i = 0; i < 4; i++)
        {
            await world.DeliverNextAsync();
        }

        world.Status.Condition(Condition.Accepted)!.Reason.ShouldBe(Core.Canaries.Reasons.ReferenceMissing);
        world.CountOf("spec.targetRef: deployment podinfo.test does not exist.").ShouldBe(1);
        world.Cluster.Put(Kinds.Deployment, target);
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
    }

    [Fact]
    public async Task TargetWithoutAUsableSelectorLabel_SaysWhichAreAllowed()
    {
        var world = new World();
        world.Cluster.Change(World.TargetRef, d => d["spec"]!["selector"] = World.Parse("""{"matchLabels":{"component":"podinfo"}}"""));
        world.Hint();
        await world.DeliverNextAsync();

        world.Events.ShouldBe(["deployment podinfo.test spec.selector.matchLabels must contain one of [app name app.kubernetes.io/name]"]);
    }

    [Fact]
    public async Task SpecThatGotPastAdmission_IsReportedOnce_AndLeftAlone()
    {
        var world = new World(spec => spec["provider"] = "isto");
        world.Hint();
        await world.RunAsync();
        world.Hint();
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.None);
        world.Status.Condition(Condition.Accepted)!.Reason.ShouldBe(Core.Canaries.Reasons.InvalidSpec);
        world.Events.ShouldHaveSingleItem().ShouldStartWith("invalid canary spec: spec.provider: 'isto'");
        world.Cluster.Peek(World.PrimaryRef).ShouldBeNull();
    }

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
        world.Cluster.Change(World.CanaryRef, c => c["status"] = World.Parse("""
            {"phase":"Succeeded","canaryWeight":0,"failedChecks":0,"iterations":0,"lastAppliedSpec":"5f56684589","lastPromotedSpec":"5f56684589","trackedConfigs":{}}
            """));
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

    [Fact]
    public async Task HorizontalPodAutoscaler_IsCopiedForThePrimary_InTheServedVersion()
    {
        var served = new ResourceKind("autoscaling", "v2beta2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
        var world = new World(spec =>
        {
            spec["autoscalerRef"] = World.Parse("""
                {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","name":"podinfo","primaryScalerReplicas":{"minReplicas":4}}
                """);
        });
        world.Cluster.Serve(served);
        world.Cluster.Put(served, World.Parse("""
            {"apiVersion":"autoscaling/v2beta2","kind":"HorizontalPodAutoscaler",
             "metadata":{"name":"podinfo","namespace":"test","labels":{"team":"blue","kustomize.toolkit.fluxcd.io/name":"apps"},"annotations":{"note":"mine"}},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo"},"minReplicas":2,"maxReplicas":9,
                     "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":99} } }],"behavior":{"scaleDown":{"stabilizationWindowSeconds":60} } } }
            """));
        await world.InitializedAsync();

        var primary = world.Cluster.Peek(new(served, "test", "podinfo-primary"))!;
        JsonNode.DeepEquals(primary["spec"], World.Parse("""
            {"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo-primary"},"minReplicas":4,"maxReplicas":9,
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":99}}}],
             "behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}
            """)).ShouldBeTrue(primary["spec"]!.ToJsonString());
        primary.Map("metadata", "labels").Keys.ShouldBe(["team"]);
        primary.Map("metadata", "annotations").ShouldBeEmpty();
        world.Canary.Owns(primary).ShouldBeTrue();

        world.Cluster.Change(new(served, "test", "podinfo"), h => h["spec"]!["maxReplicas"] = 12);
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Progressing);
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(2, "up from zero to the scaler's minimum");
        await world.RunAsync();
        world.Cluster.Peek(new(served, "test", "podinfo-primary")).Integer("spec", "maxReplicas").ShouldBe(12);
    }
}
