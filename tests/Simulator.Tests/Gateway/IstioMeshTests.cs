using System.Net;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class IstioMeshTests
{
    private const string Job = "envoy-stats";
    private const string PublicGateway = "public-gateway.istio-system.svc.cluster.local";

    [Fact]
    public async Task HostOfTheSplit_IsLetInAndSplitExactly_OnceBothObjectsAreThere()
    {
        await using var world = await MeshWorld.IstioAsync();
        await ApplyAsync(world, "app.example.com", PublicGateway);
        (await world.CallAsync("http://istio-ingressgateway.istio-system/version", ("Host", "app.example.com"))).Status.ShouldBe(HttpStatusCode.NotFound, "nobody listens yet");

        await world.Cluster.ApplyAsync(Gateway("*"));

        (await world.CanaryAnswersAsync(500, "istio-ingressgateway.istio-system", ("Host", "app.example.com"))).ShouldBe(50);
        (await world.CanaryAnswersAsync(100, "app.example.com")).ShouldBe(10, "the host is known outside, too");
        (await world.CanaryAnswersAsync(100, "podinfo.test")).ShouldBe(0, "calls between pods are another host's");
        (await world.CallAsync("http://istio-ingressgateway.istio-system/version", ("Host", "other.example.com"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("app.example.com", "istio-system/public-gateway", true)]
    [InlineData("*.example.com", PublicGateway, true)]
    [InlineData("other.example.com", PublicGateway, false)]
    [InlineData("*", "public-gateway", false)]
    [InlineData("*", "another." + PublicGateway, false)]
    public async Task Gateway_LetsInItsHosts_ForThoseThatNameIt(string host, string name, bool isIn)
    {
        await using var world = await MeshWorld.IstioAsync();
        await world.Cluster.ApplyAsync(Gateway(host));
        await ApplyAsync(world, "app.example.com", name);

        world.Cluster.Cluster.Gateway.KnowsHost("app.example.com").ShouldBe(isIn);
    }

    [Fact]
    public async Task SplitOfAServiceWithoutGateways_SplitsCallsBetweenPods()
    {
        await using var world = await MeshWorld.IstioAsync();
        await ApplyAsync(world, "podinfo", null);

        (await world.CanaryAnswersAsync(200)).ShouldBe(20);
    }

    [Fact]
    public async Task SplitWithGateways_LeavesCallsBetweenPodsAlone_UnlessItNamesTheMesh()
    {
        await using var world = await MeshWorld.IstioAsync();
        await ApplyAsync(world, "podinfo", PublicGateway);
        (await world.CanaryAnswersAsync(20)).ShouldBe(0);

        await ApplyAsync(world, "podinfo", "mesh");
        (await world.CanaryAnswersAsync(20)).ShouldBe(2);
    }

    [Fact]
    public async Task RequestsThatReachAPod_AreReportedByItsSidecar_WithNominalLatency()
    {
        await using var world = await MeshWorld.IstioAsync();
        await world.CallAsync("http://podinfo-canary.test/status/500");
        await world.CallAsync("http://podinfo-canary.test/delay/2");

        string[] canary = ["reporter=\"destination\"", "destination_workload=\"podinfo\"", "destination_workload_namespace=\"test\"", "destination_service=\"podinfo-canary.test.svc.cluster.local\""];
        (await world.SumAsync(Job, "istio_requests_total", canary)).ShouldBe(2);
        (await world.SumAsync(Job, "istio_requests_total", [.. canary, "response_code=\"500\""])).ShouldBe(1);
        (await world.SumAsync(Job, "istio_request_duration_milliseconds_bucket", [.. canary, "le=\"1000\""])).ShouldBe(1);
        (await world.SumAsync(Job, "istio_request_duration_milliseconds_bucket", [.. canary, "le=\"5000\""])).ShouldBe(2);
    }

    [Fact]
    public async Task PodThatWantsNoSidecar_HasNone()
    {
        await using var world = await MeshWorld.IstioAsync();
        await world.Cluster.PatchAsync(Kinds.Deployment, "podinfo", """{"spec":{"template":{"metadata":{"labels":{"sidecar.istio.io/inject":"false"}}}}}""");
        await world.Cluster.WaitRolledOutAsync("podinfo");
        await world.CallAsync("http://podinfo-canary.test/version");
        await world.CallAsync("http://podinfo-primary.test/version");

        (await world.SumAsync(Job, "istio_requests_total")).ShouldBe(1, "the primary's");
    }

    [Fact]
    public async Task IngressGateway_HasAnAddress_ThatLeadsToIt()
    {
        await using var world = await MeshWorld.IstioAsync();
        await world.Cluster.ApplyAsync(Gateway("*"));
        await ApplyAsync(world, "app.example.com", PublicGateway);
        var service = await world.Cluster.Client.GetAsync(new(Kinds.Service, "istio-system", "istio-ingressgateway"), world.Cluster.Token);

        var address = service.ListAt("status", "loadBalancer", "ingress").Single().Text("ip");

        IPAddress.TryParse(address, out _).ShouldBeTrue();
        (await world.CallAsync($"http://{address}/version", ("Host", "app.example.com"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task ApplyAsync(MeshWorld world, string host, string? gateway)
        => await world.Cluster.ApplyAsync($$"""
            apiVersion: split.smi-spec.io/v1alpha1
            kind: TrafficSplit
            metadata:
              name: podinfo
              namespace: test
              annotations: {{(gateway is null ? "{}" : $"{{VirtualService.v1alpha3.networking.istio.io/spec.gateways: '[\"{gateway}\"]'}}")}}
            spec:
              service: {{host}}
              backends:
              - {service: podinfo-canary, weight: "10"}
              - {service: podinfo-primary, weight: "90"}
            """);

    private static string Gateway(string host) => $$"""
        apiVersion: networking.istio.io/v1alpha3
        kind: Gateway
        metadata: {name: public-gateway, namespace: istio-system}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["{{host}}"]}
        """;
}
