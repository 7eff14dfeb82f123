using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>The guide's "Automated rollback" and "Custom metrics".</summary>
public sealed partial class RollbackTests
{
    [Fact]
    public async Task FailingRequests_HaltTheRelease_AndRollItBack()
    {
        await using var stage = await Stage.InitializedAsync();
        var release = await FailAsync(stage, "status/500");

        release.ShouldContain("Advance podinfo.test canary weight 5");
        release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ShouldNotBeEmpty();
        release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ShouldAllBe(m => m.StartsWith("Halt podinfo.test advancement success rate ") && m.EndsWith("% < 99%"));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task SlowRequests_HaltTheRelease_AndRollItBack()
    {
        await using var stage = await Stage.InitializedAsync();
        var release = await FailAsync(stage, "delay/5");

        release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ShouldNotBeEmpty();
        release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ShouldAllBe(m => m.StartsWith("Halt podinfo.test advancement request duration ") && m.EndsWith(" > 500ms"));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task CorrectedCustomMetric_HaltsAReleaseThatIsSlow()
    {
        await using var stage = await Stage.InitializedAsync(WithLatencyOnly);
        await ApplyTemplateAsync(stage, "metrictemplate.yaml");
        var release = await FailAsync(stage, "delay/2");

        var halts = release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ToList();
        halts.ShouldNotBeEmpty();
        halts.ShouldAllBe(m => LatencyHalt().IsMatch(m));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task GuidesLiteralCustomMetric_IsReportedForWhatItIs()
    {
        await using var stage = await Stage.InitializedAsync(WithLatencyOnly);
        await ApplyTemplateAsync(stage, "metrictemplate-literal.yaml");
        var release = await stage.ReleaseAsync("4.0.6", CanaryPhase.Failed);

        release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ShouldNotBeEmpty();
        release.Where(m => m.StartsWith("Halt", StringComparison.Ordinal)).ShouldAllBe(m => m.StartsWith("Halt advancement no values found for custom metric: latency: "));
        release.ShouldContain("Rolling back podinfo.test failed checks threshold reached 10");
    }

    private static async Task<IReadOnlyList<string>> FailAsync(Stage stage, string path)
    {
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("4.0.6");
        await stage.DetectedAsync(before);
        await stage.WeightAsync(5);
        await using var bad = Traffic.Start(stage.Gateway, path, perSecond: 500);
        await stage.RestsAsync(CanaryPhase.Failed);
        return stage.Story(before);
    }

    private static async Task ShouldBeRolledBackAsync(Stage stage, IReadOnlyList<string> release)
    {
        release.TakeLast(2).ShouldBe(["Rolling back podinfo.test failed checks threshold reached 10", "Canary failed! Scaling down podinfo.test"]);
        stage.Status.FailedChecks.ShouldBe(10, "what failed stays visible");
        stage.Status.CanaryWeight.ShouldBe(0);
        stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("spec", "replicas").ShouldBe(0);
        stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!.Annotation("zalando.org/skipper-predicate").ShouldBe("False()");
        (await Traffic.SampleAsync(stage.Gateway, "version", 50)).ShouldAllBe(body => body.Contains("4.0.5"));
        await stage.UntilAsync(() => stage.Chat.Count(m => m.Text == "Failed checks threshold reached 10") >= 2, "both chats are told of the failure");
    }

    private static void WithLatencyOnly(JsonObject analysis) => analysis["metrics"] = new JsonArray(new JsonObject
    {
        ["name"] = "latency",
        ["templateRef"] = new JsonObject { ["name"] = "latency" },
        ["thresholdRange"] = new JsonObject { ["max"] = 0.5 },
        ["interval"] = "1m",
    });

    private static Task ApplyTemplateAsync(Stage stage, string file)
        => stage.ApplyAsync([.. YamlJson.ParseAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples", "skipper", file))).OfType<JsonObject>()]);

    [GeneratedRegex(@"^Halt podinfo\.test advancement latency \d+\.\d\d > 0\.5$")]
    private static partial Regex LatencyHalt();
}
