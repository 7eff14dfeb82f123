using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

public sealed class TrafficTests
{
    private const int Held = 30;

    [Fact]
    public async Task WeightHeldByAGate_IsWhatUsersGet_UntilTheGateOpens()
    {
        await using var stage = await Stage.InitializedAsync(analysis =>
        {
            Analysis.Short(analysis);
            analysis.Remove("stepWeight");
            analysis["stepWeights"] = new JsonArray(Held, 60);
            analysis["interval"] = "1m";
            Analysis.Hook(analysis, "confirm-traffic-increase", "http://flagger-loadtester.test/gate/check");
        });
        await GateAsync(stage, "open");
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(Held);
        await GateAsync(stage, "close");

        var answers = await Traffic.SampleAsync(stage.Gateway, "version", 2000);

        stage.Status.CanaryWeight.ShouldBe(Held, "the gate is closed");
        answers.Count(body => body.Contains("4.0.5", StringComparison.Ordinal) || body.Contains("4.0.6", StringComparison.Ordinal)).ShouldBe(2000);
        (answers.Count(body => body.Contains("4.0.6", StringComparison.Ordinal)) * 100.0 / answers.Count).ShouldBe(Held, 1);
        const string Halt = "Halt podinfo.test advancement waiting for traffic increase approval confirm-traffic-increase";
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == Halt), "people are asked for approval");

        await GateAsync(stage, "open");
        await stage.RestsAsync(CanaryPhase.Succeeded);
        stage.Story(before).Where(m => m.StartsWith("Advance", StringComparison.Ordinal)).ShouldBe(
            ["Advance podinfo.test canary weight 30", "Advance podinfo.test canary weight 60"]);
    }

    // As the guides open a gate: a POST to the load tester, by its name in the cluster.
    private static async Task GateAsync(Stage stage, string verb)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new System.Net.WebProxy(stage.Playground.Cluster.ProxyUri), UseProxy = true });
        using var body = new StringContent("""{"name":"podinfo","namespace":"test"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"http://flagger-loadtester.test/gate/{verb}"), body);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
    }
}
