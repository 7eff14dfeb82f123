using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Tests.Workloads;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class TraefikGatewayTests
{
    private const string Legacy = "traefik.containo.us";
    private const string New = "traefik.io";

    [Theory]
    [InlineData(Legacy)]
    [InlineData(New)]
    public async Task Split_90To10Over2000Requests_IsExact(string routeGroup)
    {
        await using var world = await StartAsync(Route(routeGroup), Weighted("podinfo-primary", 90, "podinfo-canary", 10));
        using var http = Client(world);

        for (var i = 0; i < 2000; i++)
        {
            (await StatusAsync(http, "/version")).ShouldBe(HttpStatusCode.OK);
        }

        Requests(world, "podinfo-primary").ShouldBe(1800);
        Requests(world, "podinfo-canary").ShouldBe(200);
    }

    [Fact]
    public async Task MissingWeight_CountsOne_AndZeroGetsNothing()
    {
        await using var world = await StartAsync(Route(Legacy), Weighted("podinfo-primary", 3, "podinfo-canary", null));
        using var http = Client(world);
        for (var i = 0; i < 40; i++)
        {
            await StatusAsync(http, "/version");
        }

        Requests(world, "podinfo-primary").ShouldBe(30);
        Requests(world, "podinfo-canary").ShouldBe(10);

        await world.ApplyAsync(Weighted("podinfo-primary", 3, "podinfo-canary", 0));
        for (var i = 0; i < 10; i++)
        {
            await StatusAsync(http, "/version");
        }

        Requests(world, "podinfo-canary").ShouldBe(10);
    }

    [Fact]
    public async Task Route_WhoseTraefikServiceIsMissing_LeadsNowhere_UntilItComes()
    {
        await using var world = await StartAsync(Route(Legacy));
        using var http = Client(world);
        (await StatusAsync(http, "/version")).ShouldBe(HttpStatusCode.NotFound);
        world.Cluster.Gateway.KnowsHost("App.Example.com").ShouldBeTrue();
        world.Cluster.Gateway.KnowsHost("other.example.com").ShouldBeFalse();

        await world.ApplyAsync(Weighted("podinfo-primary", 100, "podinfo-canary", 0));

        (await StatusAsync(http, "/version")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LongerRule_GoesFirst_AndAnUnknownMatcherMatchesNothing()
    {
        await using var world = await StartAsync(
            Route(Legacy), Weighted("podinfo-primary", 100, "podinfo-canary", 0),
            Route(New, "canary", "Host(`app.example.com`) && PathPrefix(`/version`)", "{name: podinfo-canary, port: http}"),
            Route(New, "broken", "Host(`app.example.com`) && ClientIP(`0.0.0.0/0`) && PathPrefix(`/version`)", "{name: nobody, port: 80}"));
        using var http = Client(world);

        (await StatusAsync(http, "/version")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http, "/healthz")).ShouldBe(HttpStatusCode.OK);

        Requests(world, "podinfo-canary").ShouldBe(1);
        Requests(world, "podinfo-primary").ShouldBe(1);
    }

    [Fact]
    public async Task TraefikServiceThatLeadsToItself_IsNoRoute()
    {
        await using var world = await StartAsync(
            Route(Legacy), TraefikService(Legacy, "{name: podinfo, kind: TraefikService, weight: 1}"));
        using var http = Client(world);

        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task NewGroup_InstalledLater_IsFollowed_AndGoesBeforeTheOldOne()
    {
        await using var world = await StartAsync(Route(Legacy), Weighted("podinfo-primary", 100, "podinfo-canary", 0));
        await world.ApplyAsync(NewDefinition);
        var kind = new ResourceKind(New, "v1alpha1", "TraefikService", "traefikservices");
        var service = YamlJson.ParseAll(TraefikService(New, "{name: podinfo-canary, port: 80, weight: 100}")).OfType<JsonObject>().Single();
        await world.Client.ApplyAsync(kind, service, "test", force: true, world.Token);
        await world.WaitAsync(kind, "podinfo", _ => true);
        using var http = Client(world);

        await StatusAsync(http, "/version");

        Requests(world, "podinfo-canary").ShouldBe(1);
    }

    [Fact]
    public async Task Metrics_AfterRequests_HaveTraefiksSeries_WithNominalLatency()
    {
        await using var world = await StartAsync(Route(Legacy), TraefikService(Legacy, "{name: podinfo-canary, port: 80, weight: 100}"));
        using var http = Client(world);
        await StatusAsync(http, "/status/500");
        await StatusAsync(http, "/delay/2");

        using var plain = new HttpClient();
        var text = await plain.GetStringAsync(new Uri(world.Cluster.Gateway.MetricsAddress, "metrics/traefik"), world.Token);

        const string Service = "method=\"GET\",protocol=\"http\",service=\"test-podinfo-canary-80@kubernetescrd\"";
        text.ShouldContain($"traefik_service_request_duration_seconds_bucket{{code=\"500\",{Service},le=\"+Inf\"}} 1");
        text.ShouldContain($"traefik_service_request_duration_seconds_bucket{{code=\"200\",{Service},le=\"1.2\"}} 0");
        text.ShouldContain($"traefik_service_request_duration_seconds_count{{code=\"200\",{Service}}} 1");
        text.ShouldContain($"traefik_service_requests_total{{code=\"500\",{Service}}} 1");
        var sum = text.Split('\n').Single(l => l.StartsWith($"traefik_service_request_duration_seconds_sum{{code=\"200\",{Service}}}", StringComparison.Ordinal));
        double.Parse(sum.Split(' ')[1], CultureInfo.InvariantCulture).ShouldBeInRange(1.9, 4);
    }

    private const string NewDefinition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: traefikservices.traefik.io}
        spec:
          group: traefik.io
          names: {kind: TraefikService, listKind: TraefikServiceList, plural: traefikservices, singular: traefikservice}
          scope: Namespaced
          versions:
          - {name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
        """;

    private static string Route(string group, string name = "podinfo", string match = "Host(`app.example.com`)", string service = "{name: podinfo, kind: TraefikService, port: 80}") => $"""
        apiVersion: {group}/v1alpha1
        kind: IngressRoute
        metadata:
          name: {name}
          namespace: test
        spec:
          entryPoints: [web]
          routes:
          - match: {match}
            kind: Rule
            services:
            - {service}
        """;

    private static string Weighted(string first, int? firstWeight, string second, int? secondWeight)
        => TraefikService(Legacy, Entry(first, firstWeight), Entry(second, secondWeight));

    private static string Entry(string name, int? weight) => $"{{name: {name}, port: 80{(weight is null ? "" : $", weight: {weight}")}}}";

    private static string TraefikService(string group, params string[] services) => $"""
        apiVersion: {group}/v1alpha1
        kind: TraefikService
        metadata:
          name: podinfo
          namespace: test
        spec:
          weighted:
            services: [{string.Join(", ", services)}]
        """;

    private static async Task<TestCluster> StartAsync(params string[] objects)
    {
        var world = await TestCluster.StartAsync();
        foreach (var track in (string[])["podinfo-primary", "podinfo-canary"])
        {
            await world.ApplyAsync(Manifests.Podinfo(track, "6.0.0", 1));
            await world.ApplyAsync(Manifests.Service(track, track));
        }

        foreach (var yaml in objects)
        {
            await world.ApplyAsync(yaml);
        }

        await world.WaitEndpointsAsync("podinfo-primary", 1);
        await world.WaitEndpointsAsync("podinfo-canary", 1);
        return world;
    }

    private static HttpClient Client(TestCluster world)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = world.Cluster.GatewayUri };
        http.DefaultRequestHeaders.Host = "app.example.com";
        return http;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path);
        return response.StatusCode;
    }

    private static long Requests(TestCluster world, string service) => world.Cluster.Gateway.Requests.GetValueOrDefault(("test", service));
}
