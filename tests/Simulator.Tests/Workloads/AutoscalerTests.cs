using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class AutoscalerTests
{
    private const string Autoscaler = """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: podinfo, namespace: test}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
          minReplicas: 2
          maxReplicas: 4
          metrics:
          - type: Resource
            resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}
        """;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    [InlineData(6, 4)]
    public async Task Autoscaler_SizeOutsideItsBounds_MovesItToTheNearestBound(int before, int after)
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", before));
        await world.ApplyAsync(Autoscaler);

        await world.WaitAsync(Kinds.Deployment, "podinfo", d => d.Integer("status", "availableReplicas") == after);
        var autoscaler = await world.WaitAsync(WorkloadKinds.HorizontalPodAutoscaler, "podinfo", a => a.Integer("status", "currentReplicas") == after);

        autoscaler.Integer("status", "desiredReplicas").ShouldBe(after);
    }

    [Fact]
    public async Task Autoscaler_TargetOfSizeZero_IsInert()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 0));
        await world.ApplyAsync(Autoscaler);

        var autoscaler = await world.WaitAsync(
            WorkloadKinds.HorizontalPodAutoscaler, "podinfo", a => StatusConditions.Find(a, "ScalingActive").Text("reason") == "ScalingDisabled");

        autoscaler.Integer("status", "desiredReplicas").ShouldBe(0);
        var deployment = await world.Client.GetAsync(new ObjectRef(Kinds.Deployment, "test", "podinfo"), world.Token);
        deployment.Integer("spec", "replicas").ShouldBe(0);
    }
}
