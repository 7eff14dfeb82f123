using System.Globalization;
using System.Net;
using CanaryFunctions.Simulator.Tests.Workloads;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class GlooGatewayTests
{
    private const string VirtualService = """
        apiVersion: gateway.solo.io/v1
        kind: VirtualService
        metadata: {name: podinfo, namespace: test}
        spec:
          virtualHost:
            domains: [app.example.com]
            routes:
            - {matchers: [{prefix: /}], delegateAction: {ref: {name: podinfo, namespace: test}}}
        """;

    private const string Upstream = """
        apiVersion: gloo.solo.io/v1
        kind: Upstream
        metadata: {name: test-podinfo-canaryupstream-9898, namespace: test}
        spec: {kube: {serviceName: podinfo-canary, serviceNamespace: test, servicePort: 80}}
        """;

    private const string RouteTable = """
        apiVersion: gateway.solo.io/v1
        kind: RouteTable
        metadata: {name: podinfo, namespace: test}
        spec:
          routes:
          - {inheritablePathMatchers: true, routeAction: {single: {upstream: {name: test-podinfo-canaryupstream-9898, namespace: test}}}}
        """;

    [Fact]
    public async Task Requests_AreRouted_AndCountedAsEnvoyDoes()
    {
        await using var world = await StartAsync();
        using var http = new HttpClient { BaseAddress = world.Cluster.GatewayUri };
        http.DefaultRequestHeaders.Host = "app.example.com";
        (await StatusAsync(http, "version")).ShouldBe(HttpStatusCode.NotFound, "nobody delegates to the table yet");
        await world.ApplyAsync(VirtualService);
        await world.ApplyAsync(RouteTable);
        (await StatusAsync(http, "version")).ShouldBe(HttpStatusCode.ServiceUnavailable, "the upstream is not there yet");

        await world.ApplyAsync(Upstream);
        (await StatusAsync(http, "version")).ShouldBe(HttpStatusCode.OK);
        await StatusAsync(http, "status/500");
        await StatusAsync(http, "delay/2");

        world.Cluster.Gateway.KnowsHost("App.Example.com").ShouldBeTrue();
        using var plain = new HttpClient();
        var text = await plain.GetStringAsync(new Uri(world.Cluster.Gateway.MetricsAddress, "metrics/gateway-proxy"), world.Token);
        const string Cluster = "envoy_cluster_name=\"test-podinfo-canaryupstream-9898_test\"";
        text.ShouldContain($"envoy_cluster_upstream_rq{{{Cluster},envoy_response_code=\"500\"}} 1");
        text.ShouldContain($"envoy_cluster_upstream_rq_xx{{{Cluster},envoy_response_code_class=\"2\"}} 2");
        Buckets(text, Cluster, "1000").ShouldBe(Buckets(text, Cluster, "+Inf") - 1, "one request took 2 s, which are 2,000 of the series' milliseconds");
        Buckets(text, Cluster, "5000").ShouldBe(Buckets(text, Cluster, "+Inf"));
    }

    private static double Buckets(string text, string cluster, string le)
    {
        var line = text.Split('\n').Single(l => l.StartsWith($"envoy_cluster_upstream_rq_time_bucket{{{cluster},le=\"{le}\"}}", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private static async Task<TestCluster> StartAsync()
    {
        var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.1", 1));
        await world.ApplyAsync(Manifests.Service("podinfo-canary", "podinfo"));
        await world.WaitEndpointsAsync("podinfo-canary", 1);
        return world;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }
}
