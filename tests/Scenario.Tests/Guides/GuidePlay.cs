using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>What the guides' readers do, beyond setting an image.</summary>
internal static class GuidePlay
{
    /// <summary>Releases an image and, as soon as the canary has traffic, sends requests that must fail it; gives the release's events, waits left out.</summary>
    /// <param name="path">Of the bad requests, such as <c>status/500</c>.</param>
    internal static async Task<IReadOnlyList<string>> FailAsync(this Stage stage, string tag, string path)
    {
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync(tag);
        await stage.DetectedAsync(before);
        await stage.WeightAsync(1);
        await using var bad = Traffic.Start(stage.Gateway, path, perSecond: 500);
        await stage.RestsAsync(CanaryPhase.Failed);
        return stage.Story(before);
    }

    /// <summary>Applies one of the guide's files that are not applied from the start.</summary>
    internal static Task ApplyFileAsync(this Stage stage, string guide, string file)
        => stage.ApplyAsync([.. YamlJson.ParseAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples", guide, file))).OfType<JsonObject>()]);

    /// <summary>A POST to the load tester's gate, by its name in the cluster.</summary>
    /// <param name="verb"><c>open</c> or <c>close</c>.</param>
    internal static async Task GateAsync(this Stage stage, string verb)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(stage.Playground.Cluster.ProxyUri), UseProxy = true });
        using var body = new StringContent("""{"name":"podinfo","namespace":"test"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"http://flagger-loadtester.test/gate/{verb}"), body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    internal static IReadOnlyList<string> Halts(this IReadOnlyList<string> release) => [.. release.Where(m => m.StartsWith("Halt ", StringComparison.Ordinal))];
}
