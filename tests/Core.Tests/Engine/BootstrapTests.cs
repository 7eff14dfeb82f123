using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>How a Canary begins: from nothing, and without what it refers to.</summary>
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
