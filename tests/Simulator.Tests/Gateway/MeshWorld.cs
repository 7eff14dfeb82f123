using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Tests.Workloads;

namespace CanaryFunctions.Simulator.Tests.Gateway;

/// <summary>Primary and canary of podinfo behind their Services in a namespace of a mesh, and a client in it.</summary>
internal sealed class MeshWorld : IAsyncDisposable
{
    public const string Primary = "6.0.0";
    public const string Canary = "6.0.1";

    private readonly HttpClient _http;

    private MeshWorld(TestCluster cluster, Uri proxy)
    {
        Cluster = cluster;
        _http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(proxy) { BypassProxyOnLocal = false } });
    }

    public TestCluster Cluster { get; }

    /// <param name="field">Of the metadata of the namespace: labels or annotations. With key and value it makes the namespace one of a mesh.</param>
    public static async Task<MeshWorld> StartAsync(string field, string key, string value, bool isIn = true)
    {
        var ns = KubeObject.New(Kinds.Namespace, null, "test");
        if (isIn)
        {
            ns.Metadata()[field] = new JsonObject { [key] = value };
        }

        var cluster = await TestCluster.StartAsync(ns);
        await cluster.ApplyAsync(Manifests.Podinfo("podinfo-primary", Primary, 2));
        await cluster.ApplyAsync(Manifests.Podinfo("podinfo", Canary, 1));
        await cluster.ApplyAsync(Manifests.Service("podinfo", "podinfo-primary"));
        await cluster.ApplyAsync(Manifests.Service("podinfo-primary", "podinfo-primary"));
        await cluster.ApplyAsync(Manifests.Service("podinfo-canary", "podinfo"));
        await cluster.WaitEndpointsAsync("podinfo", 2);
        await cluster.WaitEndpointsAsync("podinfo-primary", 2);
        await cluster.WaitEndpointsAsync("podinfo-canary", 1);
        return new(cluster, await cluster.Cluster.Proxies.ForNamespaceAsync("test", cluster.Token));
    }

    public static Task<MeshWorld> LinkerdAsync(bool isIn = true) => StartAsync("annotations", "linkerd.io/inject", "enabled", isIn);

    public static Task<MeshWorld> IstioAsync(bool isIn = true) => StartAsync("labels", "istio-injection", "enabled", isIn);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Cluster.DisposeAsync();
    }

    /// <summary>Calls a path of podinfo from inside, so many times, and gives the number of answers by the canary.</summary>
    public async Task<int> CanaryAnswersAsync(int requests, string host = "podinfo.test", params (string Name, string Value)[] headers)
    {
        var byCanary = 0;
        for (var i = 0; i < requests; i++)
        {
            var (status, body) = await CallAsync($"http://{host}/version", headers);
            status.ShouldBe(HttpStatusCode.OK, body);
            byCanary += body.Contains(Canary, StringComparison.Ordinal) ? 1 : 0;
        }

        return byCanary;
    }

    public async Task<(HttpStatusCode Status, string Body)> CallAsync(string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(request, Cluster.Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cluster.Token));
    }

    /// <summary>Sum of the values of the lines that begin with the metric's name and have all of these labels.</summary>
    public async Task<double> SumAsync(string job, string metric, params string[] labels)
    {
        using var plain = new HttpClient();
        var text = await plain.GetStringAsync(new Uri(Cluster.Cluster.Gateway.MetricsAddress, $"metrics/{job}"), Cluster.Token);
        return text.Split('\n')
            .Where(l => l.StartsWith($"{metric}{{", StringComparison.Ordinal) && labels.All(l.Contains))
            .Sum(l => double.Parse(l.Split(' ')[^1], CultureInfo.InvariantCulture));
    }
}
