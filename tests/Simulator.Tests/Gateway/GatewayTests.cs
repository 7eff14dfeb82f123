using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Tests.Workloads;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class GatewayTests
{
    private const string Host = "app.example.com";

    [Fact]
    public async Task Split_90To10Over2000Requests_IsExact()
    {
        await using var world = await StartAsync(canaryWeight: 10);
        using var http = Client(world);

        for (var i = 0; i < 2000; i++)
        {
            (await StatusAsync(http, "/version")).ShouldBe(HttpStatusCode.OK);
        }

        world.Cluster.Gateway.Requests[("test", "podinfo-primary")].ShouldBe(1800);
        world.Cluster.Gateway.Requests[("test", "podinfo-canary")].ShouldBe(200);
    }

    [Fact]
    public async Task FalsePredicate_DisablesTheClone_AndTheApexServesAgain()
    {
        await using var world = await StartAsync(canaryWeight: 100);
        using var http = Client(world);
        (await http.GetStringAsync("/version", world.Token)).ShouldContain("6.0.1");

        await world.ApplyAsync(Manifests.CanaryIngress(100, "False()"));

        (await http.GetStringAsync("/version", world.Token)).ShouldContain("6.0.0");
        world.Cluster.Gateway.Requests[("test", "podinfo")].ShouldBe(1);
    }

    [Fact]
    public async Task Host_ThatNoRuleNames_IsNotFound()
    {
        await using var world = await StartAsync(canaryWeight: 10);
        using var http = Client(world, "other.example.com");

        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Backend_WithoutReadyEndpoints_IsUnavailable()
    {
        await using var world = await StartAsync(canaryWeight: 100);
        await world.ScaleAsync("podinfo", 0);
        await world.WaitEndpointsAsync("podinfo-canary", 0);
        using var http = Client(world);

        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Metrics_AfterRequests_HaveSkippersSeries_WithNominalLatency()
    {
        await using var world = await StartAsync(canaryWeight: 100);
        using var http = Client(world);
        await http.GetAsync("/status/500", world.Token);
        await http.GetAsync("/delay/2", world.Token);

        using var plain = new HttpClient();
        var text = await plain.GetStringAsync(new Uri(world.Cluster.Gateway.MetricsAddress, "metrics/skipper-ingress"), world.Token);

        const string Route = "route=\"kube_test__podinfo_canary__app_example_com_____podinfo_canary\"";
        text.ShouldContain($"skipper_response_duration_seconds_bucket{{code=\"500\",method=\"GET\",{Route},le=\"+Inf\"}} 1");
        text.ShouldContain($"skipper_serve_route_duration_seconds_count{{code=\"200\",method=\"GET\",{Route}}} 1");
        text.ShouldContain("skipper_serve_host_duration_seconds_count{code=\"200\",host=\"app_example_com\",method=\"GET\"} 1");
        var sum = text.Split('\n').Single(l => l.StartsWith($"skipper_serve_route_duration_seconds_sum{{code=\"200\",method=\"GET\",{Route}}}", StringComparison.Ordinal));
        double.Parse(sum.Split(' ')[1], CultureInfo.InvariantCulture).ShouldBeInRange(1.9, 4);
    }

    [Fact]
    public async Task Gateway_PassesMethodBodyAndHeaders_AndHidesItsOwnHeader()
    {
        await using var world = await StartAsync(canaryWeight: 0);
        using var http = Client(world);
        using var echoed = await http.PostAsync("/echo", new StringContent("hello"), world.Token);
        using var delayed = await http.GetAsync("/delay/1", world.Token);

        echoed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await echoed.Content.ReadAsStringAsync(world.Token)).ShouldBe("hello");
        (await http.GetStringAsync("/headers", world.Token)).ShouldContain(Host);
        delayed.Headers.Contains("x-simulated-delay").ShouldBeFalse();
    }

    [Fact]
    public async Task Traffic_WhileADeploymentRollsAndIsScaledDown_LosesNoRequest()
    {
        await using var world = await StartAsync(canaryWeight: 50);
        using var http = Client(world);
        using var enough = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => LoadAsync(http, answers, enough.Token))).ToList();

        await world.SetImageAsync("podinfo-primary", "podinfo:6.0.2");
        await world.WaitRolledOutAsync("podinfo-primary");
        await world.ApplyAsync(Manifests.CanaryIngress(0));
        await world.ScaleAsync("podinfo", 0);
        await world.WaitAsync(Kinds.Deployment, "podinfo", d => d.Number("status", "observedGeneration") >= d.Generation() && d.Integer("status", "replicas") is null);
        await world.WaitPodsGoneAsync("podinfo");
        await enough.CancelAsync();
        await Task.WhenAll(load);

        answers.Keys.ShouldBe([HttpStatusCode.OK]);
        answers[HttpStatusCode.OK].ShouldBeGreaterThan(100);
    }

    private static async Task LoadAsync(HttpClient http, ConcurrentDictionary<HttpStatusCode, int> answers, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var status = await StatusAsync(http, "/");
            answers.AddOrUpdate(status, 1, (_, n) => n + 1);
        }
    }

    private static async Task<TestCluster> StartAsync(int canaryWeight)
    {
        var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo-primary", "6.0.0", 2));
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.1", 1));
        await world.ApplyAsync(Manifests.Service("podinfo", "podinfo-primary"));
        await world.ApplyAsync(Manifests.Service("podinfo-primary", "podinfo-primary"));
        await world.ApplyAsync(Manifests.Service("podinfo-canary", "podinfo"));
        await world.WaitEndpointsAsync("podinfo", 2);
        await world.WaitEndpointsAsync("podinfo-primary", 2);
        await world.WaitEndpointsAsync("podinfo-canary", 1);
        await world.ApplyAsync(Manifests.ApexIngress);
        await world.ApplyAsync(Manifests.CanaryIngress(canaryWeight));
        return world;
    }

    private static HttpClient Client(TestCluster world, string host = Host)
    {
        var http = new HttpClient { BaseAddress = world.Cluster.GatewayUri };
        http.DefaultRequestHeaders.Host = host;
        return http;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }
}
