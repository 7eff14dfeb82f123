using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

public sealed class PrimaryScalerTests
{
    private const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";
    private const string Behavior = "autoscaling.alpha.kubernetes.io/behavior";

    private static readonly Canary Podinfo = Canary.From(Parse("""
        {"metadata":{"name":"podinfo","namespace":"test","uid":"u"},
         "spec":{"targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo"},
                 "autoscalerRef":{"apiVersion":"autoscaling/v2beta1","kind":"HorizontalPodAutoscaler","name":"podinfo"},"analysis":{}}}
        """));

    [Theory]
    [InlineData("v1", """{"targetCPUUtilizationPercentage":80}""")]
    [InlineData("v2beta1", """{"metrics":[{"type":"Resource","resource":{"name":"cpu","targetAverageUtilization":99}}]}""")]
    [InlineData("v2beta2", """{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":99}}}],"behavior":{"scaleDown":{}}}""")]
    [InlineData("v2", """{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":99}}}],"behavior":{"scaleDown":{}}}""")]
    public void Desired_InEveryVersion_SaysWhatTheSourceSays(string version, string fields)
    {
        var kind = new ResourceKind("autoscaling", version, "HorizontalPodAutoscaler", "horizontalpodautoscalers");
        var source = Scaler(version, fields);

        var primary = PrimaryScaler.Desired(Podinfo, source, null, kind);

        primary.Text("apiVersion").ShouldBe($"autoscaling/{version}");
        primary.Name().ShouldBe("podinfo-primary");
        primary.Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
        foreach (var (key, value) in Parse(fields))
        {
            JsonNode.DeepEquals(primary.At("spec", key), value).ShouldBeTrue(key);
        }
    }

    [Fact]
    public void Desired_WhatAnOldVersionKeepsInAnnotations_IsCopiedAndFollowed()
    {
        var kind = new ResourceKind("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
        var source = Scaler("v1", """{"targetCPUUtilizationPercentage":80}""");
        source.Metadata()["annotations"] = new JsonObject { [Metrics] = "[1]", [Behavior] = "{}", ["team"] = "web" };

        var primary = PrimaryScaler.Desired(Podinfo, source, null, kind);

        (primary.Annotation(Metrics), primary.Annotation(Behavior), primary.Annotation("team")).ShouldBe(("[1]", "{}", null));
        source.ObjectAt("metadata", "annotations")!.Remove(Behavior);
        source.ObjectAt("metadata", "annotations")![Metrics] = "[2]";
        primary.ObjectAt("metadata", "annotations")!["mine"] = "stays";

        primary = PrimaryScaler.Desired(Podinfo, source, primary, kind);

        (primary.Annotation(Metrics), primary.Annotation(Behavior), primary.Annotation("mine")).ShouldBe(("[2]", null, "stays"));
    }

    private static JsonObject Scaler(string version, string fields)
    {
        var spec = Parse(fields);
        spec["scaleTargetRef"] = Parse("""{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo"}""");
        (spec["minReplicas"], spec["maxReplicas"]) = (2, 4);
        return new() { ["apiVersion"] = $"autoscaling/{version}", ["kind"] = "HorizontalPodAutoscaler", ["metadata"] = new JsonObject { ["name"] = "podinfo", ["namespace"] = "test" }, ["spec"] = spec };
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
