using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class AutoscalerVersionTests : ApiTest
{
    // As the SMI guide's podinfo has it.
    private const string Guide = """
        apiVersion: autoscaling/v2beta1
        kind: HorizontalPodAutoscaler
        metadata: {name: podinfo}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
          minReplicas: 2
          maxReplicas: 4
          metrics:
          - type: Resource
            resource: {name: cpu, targetAverageUtilization: 99}
        """;

    [Fact]
    public async Task GuidesAutoscaler_IsServedInEveryVersion()
    {
        var made = await CreateAsync(Path("v2beta1"), Yaml(Guide));

        JsonNode.DeepEquals(made["spec"], Yaml(Guide)["spec"]).ShouldBeTrue(made.ToJsonString());
        foreach (var version in (string[])["v2beta2", "v2"])
        {
            (await GetAsync($"{Path(version)}/podinfo")).Json["spec"]!["metrics"]!.ToJsonString().ShouldBe(
                """[{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":99,"type":"Utilization"}}}]""");
        }

        ((int)(await GetAsync($"{Path("v1")}/podinfo")).Json["spec"]!["targetCPUUtilizationPercentage"]!).ShouldBe(99);
    }

    [Fact]
    public async Task FirstBeta_AsTable_ShowsItsTargets()
    {
        await CreateAsync(Path("v2beta1"), Yaml(Guide));

        (await GetAsync(Path("v2beta1"), "application/json;as=Table;v=v1;g=meta.k8s.io")).Json["rows"]![0]!["cells"]!.AsArray()
            .Select(c => c!.ToString()).ShouldContain("cpu: <unknown>/99%");
    }

    [Theory]
    [InlineData("""{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}""")]
    [InlineData("""{"type":"ContainerResource","containerResource":{"name":"cpu","container":"app","targetAverageUtilization":50}}""")]
    [InlineData("""{"type":"Pods","pods":{"metricName":"hits","selector":{"matchLabels":{"a":"b"}},"targetAverageValue":"10"}}""")]
    [InlineData("""{"type":"Object","object":{"target":{"kind":"Service","name":"web"},"metricName":"hits","targetValue":"10"}}""")]
    [InlineData("""{"type":"External","external":{"metricName":"queue","metricSelector":{"matchLabels":{"a":"b"}},"targetValue":"10"}}""")]
    [InlineData("""{"type":"External","external":{"metricName":"queue","targetAverageValue":"10"}}""")]
    public void Metric_OfTheFirstBeta_ThereAndBack_IsTheSame(string metric)
    {
        var item = Yaml(Guide);
        item["spec"]!["metrics"] = new JsonArray(JsonNode.Parse(metric));

        var later = AutoscalerVersions.Convert(item, "autoscaling/v2");

        later["spec"]!["metrics"]!.ToJsonString().ShouldContain("\"target\":{\"");
        later["spec"]!["metrics"]!.ToJsonString().ShouldNotContain("metricName");
        JsonNode.DeepEquals(AutoscalerVersions.Convert(later, "autoscaling/v2beta1"), item).ShouldBeTrue(later.ToJsonString());
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2beta1")]
    [InlineData("v2beta2")]
    public void Everything_OfTheLastVersion_SurvivesAnOlderOne(string version)
    {
        var item = Yaml("""
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: podinfo}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              maxReplicas: 4
              metrics:
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}}
              - {type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: "1"}}}
              behavior: {scaleDown: {stabilizationWindowSeconds: 60}}
            """);

        var there = AutoscalerVersions.Convert(item, $"autoscaling/{version}");
        var back = AutoscalerVersions.Convert(there, "autoscaling/v2");

        ((string?)there["apiVersion"]).ShouldBe($"autoscaling/{version}");
        JsonNode.DeepEquals(back["spec"], item["spec"]).ShouldBeTrue(back.ToJsonString());
    }

    [Fact]
    public void Status_OfTheFirstBeta_HasItsOwnWords()
    {
        var item = Yaml("""
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: podinfo}
            spec: {maxReplicas: 4}
            status: {currentMetrics: [{type: Resource, resource: {name: cpu, current: {averageUtilization: 12, averageValue: 5m}}}]}
            """);

        var there = AutoscalerVersions.Convert(item, "autoscaling/v2beta1");

        there["status"]!["currentMetrics"]![0]!["resource"]!.ToJsonString().ShouldBe("""{"name":"cpu","currentAverageUtilization":12,"currentAverageValue":"5m"}""");
        JsonNode.DeepEquals(AutoscalerVersions.Convert(there, "autoscaling/v2")["status"], item["status"]).ShouldBeTrue();
    }

    private static string Path(string version) => $"/apis/autoscaling/{version}/namespaces/default/horizontalpodautoscalers";
}
