using System.Net;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Tests.Workloads;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class LinkerdMeshTests
{
    private const string Job = "linkerd-proxy";

    private static readonly ResourceKind Splits = new("split.smi-spec.io", "v1alpha1", "TrafficSplit", "trafficsplits");

    [Theory]
    [InlineData("v1alpha1", "\"10\"", "\"90\"")]
    [InlineData("v1alpha2", "10", "90")]
    [InlineData("v1alpha3", "100m", "900m")]
    public async Task CallsToTheApex_AreSplitExactly_WhateverTheVersionAndFormOfTheWeights(string version, string canary, string primary)
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await ApplySplitAsync(world, version, canary, primary);

        (await world.CanaryAnswersAsync(1000)).ShouldBe(100);
        (await world.CanaryAnswersAsync(100, "podinfo.test.svc.cluster.local")).ShouldBe(10);
        (await world.CanaryAnswersAsync(10, "podinfo-primary")).ShouldBe(0, "only the Service that the split names is split");
        (await world.CanaryAnswersAsync(10, "podinfo-canary")).ShouldBe(10);
    }

    [Fact]
    public async Task NamespaceOutsideTheMesh_IsNeitherSplitNorMeasured()
    {
        await using var world = await MeshWorld.LinkerdAsync(isIn: false);
        await ApplySplitAsync(world, "v1alpha1", "\"50\"", "\"50\"");

        (await world.CanaryAnswersAsync(10)).ShouldBe(0);
        (await world.SumAsync(Job, "response_total")).ShouldBe(0);
    }

    [Fact]
    public async Task WeightsOfZero_GiveToNobody()
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await ApplySplitAsync(world, "v1alpha1", "\"0\"", "\"0\"");

        var (status, body) = await world.CallAsync("http://podinfo.test/version");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldContain("all its weights are 0");
    }

    [Theory]
    [InlineData("policy.linkerd.io/v1beta3")]
    [InlineData("gateway.networking.k8s.io/v1")]
    public async Task RouteOfTheService_SplitsAsATrafficSplitDoes(string apiVersion)
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await world.Cluster.ApplyAsync(Route(apiVersion, Rule(canary: 25, primary: 75)));

        (await world.CanaryAnswersAsync(400)).ShouldBe(100);
    }

    [Fact]
    public async Task RulesOfARoute_AreTriedFromTheMostSpecific_AndWhatNoneTakesIsNotFound()
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await world.Cluster.ApplyAsync(Route(
            "policy.linkerd.io/v1beta3",
            Rule(canary: 0, primary: 1, "{path: {value: /version}}"),
            Rule(canary: 1, primary: 0, "{path: {type: PathPrefix, value: /version}, headers: [{name: x-user, value: insider}]}")));

        (await world.CanaryAnswersAsync(10)).ShouldBe(0);
        (await world.CanaryAnswersAsync(10, "podinfo.test", ("x-user", "insider"))).ShouldBe(10);
        (await world.CallAsync("http://podinfo.test/healthz")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task CallsThatReachAPod_AreCountedByItsProxy_WithNominalLatency()
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await world.CallAsync("http://podinfo-canary.test/version");
        await world.CallAsync("http://podinfo-canary.test/status/500");
        var (_, body) = await world.CallAsync("http://podinfo-canary.test/delay/2");
        await world.CallAsync("http://podinfo.test/version");

        string[] canary = ["namespace=\"test\"", "deployment=\"podinfo\"", "direction=\"inbound\""];
        (await world.SumAsync(Job, "response_total", canary)).ShouldBe(3, body);
        (await world.SumAsync(Job, "response_total", [.. canary, "classification=\"failure\"", "status_code=\"500\"", "authority=\"podinfo-canary.test\""])).ShouldBe(1);
        (await world.SumAsync(Job, "response_total", "deployment=\"podinfo-primary\"", "classification=\"success\"")).ShouldBe(1);
        (await world.SumAsync(Job, "response_latency_ms_bucket", [.. canary, "le=\"1000\""])).ShouldBe(2);
        (await world.SumAsync(Job, "response_latency_ms_bucket", [.. canary, "le=\"5000\""])).ShouldBe(3);
        (await world.SumAsync(Job, "response_latency_ms_sum", canary)).ShouldBeInRange(1900, 4000);
    }

    [Fact]
    public async Task RequestsThroughTheGateway_AreCountedToo()
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await world.Cluster.ApplyAsync(Manifests.ApexIngress);
        using var http = new HttpClient { BaseAddress = world.Cluster.Cluster.GatewayUri };
        http.DefaultRequestHeaders.Host = "app.example.com";

        (await http.GetStringAsync("/version", world.Cluster.Token)).ShouldContain(MeshWorld.Primary);

        (await world.SumAsync(Job, "response_total", "deployment=\"podinfo-primary\"", "authority=\"app.example.com\"")).ShouldBe(1);
    }

    [Fact]
    public async Task PodThatHasGone_LeavesNoSeries()
    {
        await using var world = await MeshWorld.LinkerdAsync();
        await world.CallAsync("http://podinfo-canary.test/version");
        (await world.SumAsync(Job, "response_total", "deployment=\"podinfo\"")).ShouldBe(1);

        await world.Cluster.ScaleAsync("podinfo", 0);
        await world.Cluster.WaitPodsGoneAsync("podinfo");

        (await world.SumAsync(Job, "response_total")).ShouldBe(0);
    }

    private static async Task ApplySplitAsync(MeshWorld world, string version, string canary, string primary)
    {
        await world.Cluster.ApplyAsync($$"""
            apiVersion: split.smi-spec.io/{{version}}
            kind: TrafficSplit
            metadata: {name: podinfo, namespace: test}
            spec:
              service: podinfo
              backends:
              - {service: podinfo-canary, weight: {{canary}}}
              - {service: podinfo-primary, weight: {{primary}}}
            """);
        await world.Cluster.WaitAsync(Splits, "podinfo", _ => true);
    }

    private static string Route(string apiVersion, params string[] rules) => $$"""
        apiVersion: {{apiVersion}}
        kind: HTTPRoute
        metadata: {name: podinfo, namespace: test}
        spec:
          parentRefs: [{group: core, kind: Service, name: podinfo, port: 80}]
          rules: [{{string.Join(", ", rules)}}]
        """;

    private static string Rule(int canary, int primary, string matches = "{path: {type: PathPrefix, value: /}}")
        => $$"""{matches: [{{matches}}], backendRefs: [{name: podinfo-canary, port: 80, weight: {{canary}}}, {name: podinfo-primary, port: 80, weight: {{primary}}}]}""";
}
