using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The Traefik guide, section by section.</summary>
public sealed partial class TraefikGuideTests
{
    private static readonly ResourceKind Service = new("traefik.containo.us", "v1alpha1", "TraefikService", "traefikservices");
    private static readonly ResourceKind Route = new("traefik.containo.us", "v1alpha1", "IngressRoute", "ingressroutes");
    private static readonly StageOptions Options = new() { Provider = "", Guide = "traefik", Kinds = [Service, Route] };

    [Fact]
    public async Task Promotion_GeneratesTheGuidesObjects_AndTellsItsEvents()
    {
        await using var stage = await Stage.InitializedAsync(null, Options);
        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-primary"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-canary", "podinfo-primary"]);
        stage.Feed.Names(Service).ShouldBe(["podinfo"]);
        await using var users = Traffic.Start(stage.Gateway);

        var release = await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);

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
        stage.Feed.History(Service, "podinfo").Select(Weights).ShouldBe([(100, null), .. Enumerable.Range(1, 10).Select(i => ((double?)(100 - (5 * i)), (double?)(5 * i))), (100, null)]);
        stage.Feed.History(Route, "podinfo").Count.ShouldBe(1, "the user's own object is never written");
        (await Traffic.SampleAsync(stage.Gateway, "version", 20)).ShouldAllBe(body => body.Contains("4.0.6"));
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task GeneratedAutoscaler_ScalesThePrimary()
    {
        await using var stage = await Stage.InitializedAsync(null, Options);
        var kinds = await stage.Client.ServedKindsAsync(CancellationToken.None);
        var scaler = kinds.Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        var primary = await stage.Client.GetAsync(new(scaler, Stage.Namespace, "podinfo-primary"), CancellationToken.None);
        primary.Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
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
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(30);
        await stage.GateAsync("close");

        var answers = await Traffic.SampleAsync(stage.Gateway, "version", 2000);

        stage.Status.CanaryWeight.ShouldBe(30, "the gate is closed");
        answers.Count(body => body.Contains("4.0.5", StringComparison.Ordinal) || body.Contains("4.0.6", StringComparison.Ordinal)).ShouldBe(2000);
        (answers.Count(body => body.Contains("4.0.6", StringComparison.Ordinal)) * 100.0 / answers.Count).ShouldBe(30, 1);
        await stage.GateAsync("open");
        await stage.RestsAsync(CanaryPhase.Succeeded);
    }

    [Theory]
    [InlineData("status/500", @"^Halt podinfo\.test advancement success rate \d+\.\d\d% < 99%$")]
    [InlineData("delay/2", @"^Halt podinfo\.test advancement request duration [0-9.]+m?s > 500ms$")]
    public async Task BadRequests_HaltTheRelease_AndRollItBack(string path, string halt)
    {
        await using var stage = await Stage.InitializedAsync(null, Options);

        var release = await stage.FailAsync("4.0.6", path);

        release.ShouldContain("Advance podinfo.test canary weight 5");
        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => Regex.IsMatch(m, halt));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task CorrectedCustomMetric_HaltsAReleaseThatFindsNothing()
    {
        await using var stage = await Stage.InitializedAsync(WithNotFoundOnly, Options);
        await stage.ApplyFileAsync("traefik", "metrictemplate.yaml");

        var release = await stage.FailAsync("4.0.6", "status/404");

        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => NotFoundHalt().IsMatch(m));
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task CorrectedCustomMetric_LetsAGoodReleasePass()
    {
        await using var stage = await Stage.InitializedAsync(WithNotFoundOnly, Options);
        await stage.ApplyFileAsync("traefik", "metrictemplate.yaml");

        (await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded)).Halts().ShouldBeEmpty();
    }

    [Fact]
    public async Task GuidesLiteralCustomMetric_HaltsAGoodRelease_BecauseItMeasuresTheOpposite()
    {
        await using var stage = await Stage.InitializedAsync(WithNotFoundOnly, Options);
        await stage.ApplyFileAsync("traefik", "metrictemplate-literal.yaml");

        var release = await stage.ReleaseAsync("4.0.6", CanaryPhase.Failed);

        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => m == "Halt podinfo.test advancement 404s percentage 100.00 > 5");
        await ShouldBeRolledBackAsync(stage, release);
    }

    [Fact]
    public async Task SecondImageDuringTheAnalysis_RestartsIt_FromThePrimary()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short, Options);
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(25);
        await stage.SetImageAsync("4.0.7");
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == "New revision detected! Restarting analysis for podinfo.test"), "the analysis restarts");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        stage.Story(before).SkipWhile(m => !m.Contains("Restarting", StringComparison.Ordinal)).Skip(1).First().ShouldBe("Starting canary analysis for podinfo.test");
        stage.ImageOf("podinfo-primary").ShouldBe("stefanprodan/podinfo:4.0.7");
        var weights = stage.Feed.History(Service, "podinfo").Select(s => Weights(s).Canary ?? 0).ToList();
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
            await stage.SetImageAsync("4.0.6");
            await stage.WeightAsync(25);
        }

        await stage.DeleteCanaryAsync();
        await stage.UntilAsync(() => stage.Feed.Canary(Stage.App) is null, "the Canary goes");
        await stage.UntilAsync(() => stage.Feed.Names(Service).Count == 0, "the TraefikService goes");
        await stage.UntilAsync(() => stage.Feed.Names(Kinds.Deployment).Count == 2 && stage.Feed.Names(Kinds.Service).Count == 2, "the primary goes");
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("status", "readyReplicas") == 2, "the application has its pods");

        stage.Feed.Find(Kinds.Service, "podinfo")!.Map("spec", "selector").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo" });
        stage.Feed.History(Route, "podinfo").Count.ShouldBe(1);
        stage.Story(0).TakeLast(2).ShouldBe(["Terminating canary podinfo.test", "Terminated canary podinfo.test"]);
    }

    private static async Task ShouldBeRolledBackAsync(Stage stage, IReadOnlyList<string> release)
    {
        release.TakeLast(2).ShouldBe(["Rolling back podinfo.test failed checks threshold reached 10", "Canary failed! Scaling down podinfo.test"]);
        (stage.Status.FailedChecks, stage.Status.CanaryWeight).ShouldBe((10, 0));
        Weights(stage.Feed.Find(Service, "podinfo")!).ShouldBe((100, null));
        (await Traffic.SampleAsync(stage.Gateway, "version", 50)).ShouldAllBe(body => body.Contains("4.0.5"));
    }

    /// <summary>Null for a track without an entry.</summary>
    private static (double? Primary, double? Canary) Weights(JsonObject service)
    {
        var weights = service.ListAt("spec", "weighted", "services").ToDictionary(s => s.Text("name")!, s => s.Number("weight"));
        return (weights.GetValueOrDefault("podinfo-primary"), weights.GetValueOrDefault("podinfo-canary"));
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
