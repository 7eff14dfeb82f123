using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The Gloo guide, section by section.</summary>
public sealed partial class GlooGuideTests
{
    private const string Primary = "test-podinfo-primaryupstream-9898";
    private const string Canary = "test-podinfo-canaryupstream-9898";

    private static readonly ResourceKind Table = new("gateway.solo.io", "v1", "RouteTable", "routetables");
    private static readonly ResourceKind Upstream = new("gloo.solo.io", "v1", "Upstream", "upstreams");
    private static readonly ResourceKind VirtualService = new("gateway.solo.io", "v1", "VirtualService", "virtualservices");
    private static readonly StageOptions Options = new() { Provider = "", Guide = "gloo", Kinds = [Table, Upstream, VirtualService] };

    [Fact]
    public async Task Promotion_GeneratesTheGuidesObjects_AndTellsItsEvents()
    {
        await using var stage = await Stage.InitializedAsync(null, Options);
        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-primary"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-canary", "podinfo-primary"]);
        stage.Feed.Names(Table).ShouldBe(["podinfo"]);
        stage.Feed.Names(Upstream).ShouldBe([Canary, Primary]);
        await ShouldScalePrimaryAsync(stage);
        await using var users = Traffic.Start(stage.Gateway);

        var release = await stage.ReleaseAsync("3.1.1", CanaryPhase.Succeeded);

        release.ShouldBe(
        [
            "New revision detected! Scaling up podinfo.test",
            "Starting canary analysis for podinfo.test",
            "Pre-rollout check acceptance-test passed",
            .. Enumerable.Range(1, 10).Select(i => $"Advance podinfo.test canary weight {5 * i}"),
            "Copying podinfo.test template spec to podinfo-primary.test",
            "Routing all traffic to primary",
            "Promotion completed! Scaling down podinfo.test",
        ]);
        stage.Feed.History(Table, "podinfo").Select(Weights).ShouldBe([(100, null), .. Enumerable.Range(1, 10).Select(i => ((double?)(100 - (5 * i)), (double?)(5 * i))), (100, null)]);
        stage.Feed.History(VirtualService, "podinfo").Count.ShouldBe(1, "the user's own object is never written");
        (await Traffic.SampleAsync(stage.Gateway, "version", 20)).ShouldAllBe(body => body.Contains("3.1.1"));
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task HeldWeight_IsWhatUsersGet()
    {
        await using var stage = await Stage.InitializedAsync(
            analysis =>
            {
                Analysis.Short(analysis);
                analysis["stepWeight"] = 30;
                analysis["maxWeight"] = 60;
                analysis["interval"] = "1m";
                Analysis.Hook(analysis, "confirm-traffic-increase", "http://flagger-loadtester.test/gate/check");
            },
            Options);
        await stage.GateAsync("open");
        await stage.SetImageAsync("3.1.1");
        await stage.WeightAsync(30);
        await stage.GateAsync("close");

        var answers = await Traffic.SampleAsync(stage.Gateway, "version", 2000);

        stage.Status.CanaryWeight.ShouldBe(30, "the gate is closed");
        answers.Count(body => body.Contains("4.0.5", StringComparison.Ordinal) || body.Contains("3.1.1", StringComparison.Ordinal)).ShouldBe(2000);
        (answers.Count(body => body.Contains("3.1.1", StringComparison.Ordinal)) * 100.0 / answers.Count).ShouldBe(30, 1);
        await stage.GateAsync("open");
        await stage.RestsAsync(CanaryPhase.Succeeded);
    }

    [Theory]
    [InlineData("status/500", @"^Halt podinfo\.test advancement success rate \d+\.\d\d% < 99%$")]
    [InlineData("delay/2", @"^Halt podinfo\.test advancement request duration [0-9.]+m?s > 500ms$")]
    public async Task BadRequests_HaltTheRelease_AndRollItBack(string path, string halt)
    {
        await using var stage = await Stage.InitializedAsync(null, Options);

        var release = await stage.FailAsync("3.1.2", path);

        release.ShouldContain("Advance podinfo.test canary weight 5");
        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => Regex.IsMatch(m, halt));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task CorrectedCustomMetric_HaltsAReleaseThatFindsNothing()
    {
        await using var stage = await Stage.InitializedAsync(WithNotFoundOnly, Options);
        await stage.ApplyFileAsync("gloo", "metrictemplate.yaml");

        var release = await stage.FailAsync("3.1.3", "status/404");

        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => NotFoundHalt().IsMatch(m));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task CorrectedCustomMetric_LetsAGoodReleasePass()
    {
        await using var stage = await Stage.InitializedAsync(WithNotFoundOnly, Options);
        await stage.ApplyFileAsync("gloo", "metrictemplate.yaml");

        (await stage.ReleaseAsync("3.1.3", CanaryPhase.Succeeded)).Halts().ShouldBeEmpty();
    }

    [Fact]
    public async Task GuidesLiteralCustomMetric_IsReportedForWhatItIs_AndHeldUntilTheDeadline()
    {
        // The deadline is 10 minutes.
        await using var stage = await Stage.InitializedAsync(WithNotFoundOnly, Options with { Speed = 120 });
        await stage.ApplyFileAsync("gloo", "metrictemplate-literal.yaml");

        var release = await stage.ReleaseAsync("3.1.3", CanaryPhase.Failed);

        var report = release.Where(m => m.StartsWith("Metric query failed for 404s percentage: ", StringComparison.Ordinal)).ShouldHaveSingleItem();
        report.ShouldContain("parse error");
        report.ShouldContain("status", Case.Sensitive, "what stands where the comma is missing");
        release.TakeLast(2).ShouldBe([$"Rolling back podinfo.test progress deadline exceeded {report}", "Canary failed! Scaling down podinfo.test"]);
        release.ShouldNotContain("Advance podinfo.test canary weight 10");
        stage.Status.FailedChecks.ShouldBe(0, "a query that cannot be asked says nothing about the application");
    }

    [Fact]
    public async Task SecondImageDuringTheAnalysis_RestartsIt_FromThePrimary()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short, Options);
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("3.1.1");
        await stage.WeightAsync(25);
        await stage.SetImageAsync("3.1.2");
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == "New revision detected! Restarting analysis for podinfo.test"), "the analysis restarts");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        stage.Story(before).SkipWhile(m => !m.Contains("Restarting", StringComparison.Ordinal)).Skip(1).First().ShouldBe("Starting canary analysis for podinfo.test");
        stage.ImageOf("podinfo-primary").ShouldBe("stefanprodan/podinfo:3.1.2");
        var weights = stage.Feed.History(Table, "podinfo").Select(t => Weights(t).Canary ?? 0).ToList();
        weights.Skip(weights.IndexOf(25)).SkipWhile(w => w > 0).ShouldBe([0, 25, 50, 0], "back to the primary in between");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeletedCanary_TakesWhatItGenerated_AndLeavesTheApplication(bool isDuringAnalysis)
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short, Options);
        if (isDuringAnalysis)
        {
            await stage.SetImageAsync("3.1.1");
            await stage.WeightAsync(25);
        }

        await stage.DeleteCanaryAsync();
        await stage.UntilAsync(() => stage.Feed.Canary(Stage.App) is null, "the Canary goes");
        await stage.UntilAsync(() => stage.Feed.Names(Table).Count + stage.Feed.Names(Upstream).Count == 0, "table and upstreams go");
        await stage.UntilAsync(() => stage.Feed.Names(Kinds.Deployment).Count == 2 && stage.Feed.Names(Kinds.Service).Count == 2, "the primary goes");
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("status", "readyReplicas") == 2, "the application has its pods");

        stage.Feed.Find(Kinds.Service, "podinfo")!.Map("spec", "selector").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo" });
        stage.Feed.History(VirtualService, "podinfo").Count.ShouldBe(1);
        stage.Story(0).TakeLast(2).ShouldBe(["Terminating canary podinfo.test", "Terminated canary podinfo.test"]);
    }

    private static async Task ShouldScalePrimaryAsync(Stage stage)
    {
        var kinds = await stage.Client.ServedKindsAsync(CancellationToken.None);
        var scaler = kinds.Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        var primary = await stage.Client.GetAsync(new(scaler, Stage.Namespace, "podinfo-primary"), CancellationToken.None);
        primary.Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
    }

    private static async Task ShouldBeRolledBackAsync(Stage stage, IReadOnlyList<string> release)
    {
        release.TakeLast(2).ShouldBe(["Rolling back podinfo.test failed checks threshold reached 5", "Canary failed! Scaling down podinfo.test"]);
        (stage.Status.FailedChecks, stage.Status.CanaryWeight).ShouldBe((5, 0));
        Weights(stage.Feed.Find(Table, "podinfo")!).ShouldBe((100, null));
        (await Traffic.SampleAsync(stage.Gateway, "version", 50)).ShouldAllBe(body => body.Contains("4.0.5"));
    }

    private static (double? Primary, double? Canary) Weights(JsonObject table)
    {
        var weights = table.ListAt("spec", "routes").Single().ListAt("routeAction", "multi", "destinations")
            .ToDictionary(d => d.Text("destination", "upstream", "name")!, d => d.Number("weight"));
        return (weights[Primary], weights[Canary]);
    }

    private static void WithNotFoundOnly(JsonObject analysis) => analysis["metrics"] = new JsonArray(new JsonObject
    {
        ["name"] = "404s percentage",
        ["templateRef"] = new JsonObject { ["name"] = "not-found-percentage" },
        ["thresholdRange"] = new JsonObject { ["max"] = 5 },
        ["interval"] = "1m",
    });

    [GeneratedRegex(@"^Halt podinfo\.test advancement 404s percentage \d+\.\d\d > 5$")]
    private static partial Regex NotFoundHalt();
}
