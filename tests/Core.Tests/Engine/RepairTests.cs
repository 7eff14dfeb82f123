using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Generated objects that somebody deletes during a release come back with the next step, whatever that decides.</summary>
public sealed class RepairTests
{
    private static readonly ResourceKind Scalers = new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
    private static readonly ObjectRef PrimaryScaler = new(Scalers, World.Namespace, "podinfo-primary");
    private static readonly ObjectRef PrimaryService = new(Kinds.Service, World.Namespace, "podinfo-primary");

    [Theory]
    [InlineData("advanced", 30, 0)]
    [InlineData("halted", 20, 1)]
    [InlineData("held", 20, 0)]
    [InlineData("without values", 20, 0)]
    [InlineData("without consent", 20, 0)]
    [InlineData("without pods", 20, 0)]
    public async Task ScalerAndService_OfThePrimary_ComeBackWithTheNextStep(string how, int weight, int failedChecks)
    {
        var world = await ReleaseAtTwentyAsync(HookTests.Hook("gate", "confirm-traffic-increase"));
        Arrange(world, how);
        world.Cluster.Remove(PrimaryScaler);
        world.Cluster.Remove(PrimaryService);
        await world.DeliverNextAsync();

        (world.Status.CanaryWeight, world.Status.FailedChecks).ShouldBe((weight, failedChecks));
        world.Cluster.Peek(PrimaryScaler).Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
        world.Cluster.Peek(PrimaryService).ShouldNotBeNull();
    }

    [Fact]
    public async Task ScalerOfThePrimary_ComesBack_WhileThePromotionWaitsForConsent()
    {
        var world = await ReleaseAtTwentyAsync(HookTests.Hook("gate", "confirm-promotion"));
        world.Refuse("gate");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.WaitingPromotion);
        world.Cluster.Remove(PrimaryScaler);
        await world.RunAsync(() => world.Cluster.Peek(PrimaryScaler) is not null, most: 10);

        world.Status.Phase.ShouldBe(CanaryPhase.WaitingPromotion);
    }

    [Fact]
    public async Task ScalerOfThePrimary_KeepsWhatSomebodyEdited_UntilThePromotion()
    {
        var world = await ReleaseAtTwentyAsync();
        world.Cluster.Change(PrimaryScaler, s => s["spec"]!["maxReplicas"] = 7);
        await world.RunAsync(() => world.Status.CanaryWeight == 50);
        world.Cluster.Peek(PrimaryScaler).Integer("spec", "maxReplicas").ShouldBe(7);
        await world.RunAsync();

        world.Cluster.Peek(PrimaryScaler).Integer("spec", "maxReplicas").ShouldBe(4);
    }

    private static void Arrange(World world, string how)
    {
        switch (how)
        {
            case "halted":
                world.Metrics.Answer = _ => new MetricSample.Value(1);
                break;
            case "held":
                world.Metrics.Answer = _ => new MetricSample.Error("refused");
                break;
            case "without values":
                world.Metrics.Answer = _ => new MetricSample.NoData("no values found");
                break;
            case "without consent":
                world.Refuse("gate");
                break;
            case "without pods":
                world.BreakPods(World.TargetRef);
                break;
            default:
                break;
        }
    }

    private static async Task<World> ReleaseAtTwentyAsync(params JsonObject[] hooks)
    {
        var world = new World(spec =>
        {
            spec["autoscalerRef"] = World.Parse("""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","name":"podinfo"}""");
            spec.Section("analysis")["webhooks"] = new JsonArray([.. hooks]);
        });
        world.Cluster.Serve(Scalers);
        world.Cluster.Put(Scalers, World.Parse("""
            {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"podinfo","namespace":"test"},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo"},"minReplicas":2,"maxReplicas":4}}
            """));
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        return world;
    }
}
