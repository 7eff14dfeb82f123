using System.Net;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Pods;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class PodTests
{
    private const string LoadTester = """
        apiVersion: v1
        kind: Pod
        metadata: {name: flagger-loadtester, namespace: test, labels: {app: flagger-loadtester}}
        spec:
          containers:
          - name: loadtester
            image: ghcr.io/fluxcd/flagger-loadtester:0.38.0
            ports: [{name: http, containerPort: 8080}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: flagger-loadtester, namespace: test}
        spec:
          selector: {app: flagger-loadtester}
          ports: [{port: 80, targetPort: http}]
        """;

    [Theory]
    [InlineData("stefanprodan/podinfo:6.0.0", "podinfo", "6.0.0", false)]
    [InlineData("ghcr.io:5000/x/podinfo", "podinfo", "latest", false)]
    [InlineData("podinfo@sha256:abc", "podinfo", "sha256:abc", false)]
    [InlineData("podinfo:6.0.1-broken", "podinfo", "6.0.1-broken", true)]
    [InlineData("x/broken-app:1", "broken-app", "1", true)]
    [InlineData("app:bad-start", "app", "bad-start", true)]
    [InlineData("broken.example.com/app:1", "app", "1", false)]
    public void Image_IsTakenApart(string text, string name, string tag, bool broken)
    {
        var image = ImageReference.Parse(text);

        (image.Name, image.Tag, image.IsBroken).ShouldBe((name, tag, broken));
    }

    [Fact]
    public async Task Readiness_TurnedOff_TakesThePodOutOfTheEndpoints_UntilTurnedOn()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 1));
        await world.ApplyAsync(Manifests.Service("podinfo", "podinfo"));
        await world.WaitEndpointsAsync("podinfo", 1);
        var ip = (await world.PodsAsync("podinfo")).Single().Text("status", "podIP");
        using var http = await ClientAsync(world);

        (await http.PostAsync($"http://{ip}:9898/readyz/disable", null, world.Token)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await world.WaitEndpointsAsync("podinfo", 0);
        (await http.GetAsync($"http://{ip}:9898/readyz", world.Token)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await http.PostAsync($"http://{ip}:9898/readyz/enable", null, world.Token);

        await world.WaitEndpointsAsync("podinfo", 1);
    }

    [Fact]
    public async Task Podinfo_Token_IsAcceptedByAnotherPod_AndNotWhenForged()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2));
        await world.WaitRolledOutAsync("podinfo");
        var ips = (await world.PodsAsync("podinfo")).Select(p => p.Text("status", "podIP")).ToList();
        using var http = await ClientAsync(world);
        using var issued = await http.PostAsync($"http://{ips[0]}:9898/token", new StringContent("alice"), world.Token);
        var token = System.Text.Json.Nodes.JsonNode.Parse(await issued.Content.ReadAsStringAsync(world.Token)).Text("token");

        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await http.GetStringAsync($"http://{ips[1]}:9898/token/validate", world.Token)).ShouldContain("alice");
        http.DefaultRequestHeaders.Authorization = new("Bearer", token + "x");
        (await http.GetStringAsync($"http://{ips[1]}:9898/token/validate", world.Token)).ShouldContain("signature is invalid");
    }

    [Fact]
    public async Task LoadTesterPod_IsTheRealOne_AndItsLogIsServed()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(LoadTester);
        await world.WaitEndpointsAsync("flagger-loadtester", 1);
        using var http = await ClientAsync(world);

        (await http.GetStringAsync("http://flagger-loadtester.test/healthz", world.Token)).ShouldContain("OK");
        using var api = world.Cluster.ApiServer.CreateClient();
        (await api.GetStringAsync("api/v1/namespaces/test/pods/flagger-loadtester/log", world.Token)).ShouldContain("\"msg\"");
    }

    [Fact]
    public async Task DeletedPod_ServesOn_UntilItIsGoneFromTheApi()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(LoadTester.Replace("ghcr.io/fluxcd/flagger-loadtester:0.38.0", "nginx:1", StringComparison.Ordinal));
        await world.WaitEndpointsAsync("flagger-loadtester", 1);
        var ip = (await world.PodsAsync("flagger-loadtester")).Single().Text("status", "podIP");
        using var http = await ClientAsync(world);

        await world.Client.DeleteAsync(new ObjectRef(WorkloadKinds.Pod, "test", "flagger-loadtester"), new DeleteOptions(), world.Token);
        await world.WaitEndpointsAsync("flagger-loadtester", 0);
        (await http.GetStringAsync($"http://{ip}:8080/", world.Token)).ShouldContain("nginx:1");
        await world.WaitPodsGoneAsync("flagger-loadtester");

        (await http.GetAsync($"http://{ip}:8080/", world.Token)).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Scrape_FindsAnnotatedPods_WithTheLabelsOfTheBuiltInChecks()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2));
        await world.WaitRolledOutAsync("podinfo");

        var targets = new PodScrapeTargets(world.Cluster.Cache, world.Cluster.Network.Pods).Current();

        targets.Count.ShouldBe(2);
        targets.ShouldAllBe(t => t.Labels["kubernetes_namespace"] == "test" && t.Labels["app"] == "podinfo" && t.Labels["instance"].EndsWith(":9797", StringComparison.Ordinal));
        targets.Select(t => t.Labels["kubernetes_pod_name"]).ShouldBe((await world.PodsAsync("podinfo")).Select(p => p.Name()), ignoreOrder: true);
    }

    private static async Task<HttpClient> ClientAsync(TestCluster world)
        => new(new SocketsHttpHandler { Proxy = new WebProxy(await world.Cluster.Proxies.ForNamespaceAsync("test", world.Token)) });
}
