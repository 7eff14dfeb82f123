using System.Text.RegularExpressions;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The sections that every guide has, played on its own objects.</summary>
public abstract class GuideTests
{
    private const int Held = 30;

    private protected abstract GuideCase Guide { get; }

    [Fact]
    public async Task Promotion_GeneratesTheGuidesObjects_AndTellsItsEvents()
    {
        await using var stage = await Guide.BootstrapAsync();
        stage.Story(0).ShouldBe(["all the metrics providers are available!", "Initialization done! podinfo.test"]);
        await ShouldHaveGeneratedAsync(stage);
        await using var users = Traffic.Start(stage.UsersOf(Guide), perSecond: 300);

        var release = await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Succeeded);

        release.ShouldBe(
        [
            .. Guide.BeforeRelease,
            "New revision detected! Scaling up podinfo.test",
            "Starting canary analysis for podinfo.test",
            .. Guide.BeforeTraffic,
            .. Guide.Steps.Select(weight => $"Advance podinfo.test canary weight {weight}"),
            "Copying podinfo.test template spec to podinfo-primary.test",
            "Routing all traffic to primary",
            "Promotion completed! Scaling down podinfo.test",
        ]);
        stage.Shares(Guide).ShouldBe([0, .. Guide.Steps, 0]);
        ShouldNeverHaveWrittenTheUsersRoute(stage);
        await stage.RoutesAsync(Guide, 0);
        await ShouldServeAsync(stage, Guide.Script.GoodTag);
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(100);
    }

    [Fact]
    public Task HeldWeight_IsWhatUsersGet() => ShouldSplitAsync(Guide);

    [Fact]
    public Task FailingRequests_HaltTheRelease_AndRollItBack() => ShouldRollBackAsync("status/500", @"success rate \d+\.\d\d% < 99%");

    [Fact]
    public Task SlowRequests_HaltTheRelease_AndRollItBack() => ShouldRollBackAsync(Guide.SlowPath, "request duration [0-9.]+m?s > 500ms");

    [Fact]
    public async Task SecondImageDuringTheAnalysis_RestartsIt_FromThePrimary()
    {
        await using var stage = await Guide.BootstrapAsync(Analysis.Short);
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync(Guide.Script.GoodTag);
        await stage.WeightAsync(25);
        await stage.SetImageAsync(Guide.Script.BadTag);
        const string Restart = "New revision detected! Restarting analysis for podinfo.test";
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == Restart), "the analysis restarts");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        stage.Story(before).SkipWhile(m => m != Restart).ShouldBe(
        [
            Restart,
            "Starting canary analysis for podinfo.test",
            .. Guide.BeforeTraffic,
            "Advance podinfo.test canary weight 25",
            "Advance podinfo.test canary weight 50",
            "Copying podinfo.test template spec to podinfo-primary.test",
            "Routing all traffic to primary",
            "Promotion completed! Scaling down podinfo.test",
        ]);
        stage.ImageOf("podinfo-primary").ShouldBe($"{Guide.Script.Image}:{Guide.Script.BadTag}");
        var shares = stage.Shares(Guide).ToList();
        shares.Skip(shares.IndexOf(25)).SkipWhile(w => w > 0).ShouldBe([0, 25, 50, 0], "back to the primary in between");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeletedCanary_LeavesTheApplicationAsItWas_ServingThroughout(bool isDuringAnalysis)
    {
        await using var stage = await Guide.BootstrapAsync(Analysis.Short);
        await using var users = Traffic.Start(stage.UsersOf(Guide));
        if (isDuringAnalysis)
        {
            await stage.SetImageAsync(Guide.Script.GoodTag);
            await stage.WeightAsync(25);
        }

        await stage.DeleteCanaryAsync();
        await stage.UntilAsync(() => stage.Feed.Canary(Stage.App) is null, "the Canary goes");
        await stage.UntilAsync(() => stage.Feed.Names(Kinds.Deployment).Count == 2 && stage.Feed.Names(Kinds.Service).Count == 2, "the tracks go");
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("status", "readyReplicas") == 2, "the application has its pods");
        await ShouldHaveLeftAsync(stage);

        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo"]);
        var apex = stage.Feed.Find(Kinds.Service, "podinfo")!;
        apex.Map("spec", "selector").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo" });
        apex.ListAt("metadata", "ownerReferences").ShouldBeEmpty("users' routes lead to it");
        ShouldNeverHaveWrittenTheUsersRoute(stage);
        stage.Story(0).TakeLast(2).ShouldBe(["Terminating canary podinfo.test", "Terminated canary podinfo.test"]);
        await ShouldServeAsync(stage, isDuringAnalysis ? Guide.Script.GoodTag : Guide.FirstTag);
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(0);
    }

    private protected static async Task ShouldSplitAsync(GuideCase guide)
    {
        await using var stage = await guide.BootstrapAsync(analysis =>
        {
            Analysis.Short(analysis);
            analysis["stepWeight"] = Held;
            analysis["maxWeight"] = 2 * Held;
            analysis["interval"] = "1m";
            Analysis.Hook(analysis, "confirm-traffic-increase", "http://flagger-loadtester.test/gate/check");
        });
        await stage.GateAsync("open");
        await stage.SetImageAsync(guide.Script.GoodTag);
        await stage.WeightAsync(Held);
        await stage.GateAsync("close");
        await stage.RoutesAsync(guide, Held);

        var answers = await Traffic.SampleAsync(stage.UsersOf(guide), "version", 2000);

        stage.Status.CanaryWeight.ShouldBe(Held, "the gate is closed");
        answers.ShouldAllBe(body => body.Contains(guide.FirstTag) || body.Contains(guide.Script.GoodTag));
        (answers.Count(body => body.Contains(guide.Script.GoodTag, StringComparison.Ordinal)) * 100.0 / answers.Count).ShouldBe(Held, 1);
        const string Halt = "Halt podinfo.test advancement waiting for traffic increase approval confirm-traffic-increase";
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == Halt), "people are asked for approval");

        await stage.GateAsync("open");
        await stage.RestsAsync(CanaryPhase.Succeeded);
        stage.Shares(guide).ShouldBe([0, Held, 2 * Held, 0]);
    }

    private async Task ShouldRollBackAsync(string path, string halt)
    {
        await using var stage = await Guide.BootstrapAsync();

        var release = await stage.FailAsync(Guide, path);

        release.ShouldContain($"Advance podinfo.test canary weight {Guide.Steps[0]}");
        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => Regex.IsMatch(m, $@"^Halt podinfo\.test advancement {halt}$"));
        await ShouldBeRolledBackAsync(stage, release);
    }

    private protected async Task ShouldBeRolledBackAsync(Stage stage, IReadOnlyList<string> release)
    {
        release.TakeLast(2).ShouldBe([$"Rolling back podinfo.test failed checks threshold reached {Guide.Threshold}", "Canary failed! Scaling down podinfo.test"]);
        (stage.Status.FailedChecks, stage.Status.CanaryWeight).ShouldBe((Guide.Threshold, 0));
        stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("spec", "replicas").ShouldBe(0);
        Guide.ShareOf(stage.Feed.Find(Guide.Split.Kind, Guide.Split.Name)!).ShouldBe(0);
        await stage.RoutesAsync(Guide, 0);
        await ShouldServeAsync(stage, Guide.FirstTag);
        await stage.UntilAsync(() => stage.Chat.Count(m => m.Text == $"Failed checks threshold reached {Guide.Threshold}") >= 2, "both chats are told of the failure");
    }

    // What users' requests need stays, as nobody's; the rest goes by garbage collection.
    private async Task ShouldHaveLeftAsync(Stage stage)
    {
        if (!Guide.KeepsSplit)
        {
            await stage.UntilAsync(() => Guide.Generated.All(g => !stage.Feed.Names(g.Kind).Intersect(g.Names).Any()), "the generated objects go");
            return;
        }

        await stage.UntilAsync(() => !stage.Feed.Find(Guide.Split.Kind, Guide.Split.Name).ListAt("metadata", "ownerReferences").Any(), "the split is released");
        stage.Feed.Find(Guide.Split.Kind, Guide.Split.Name).ShouldNotBeNull("users come by it");
    }

    private async Task ShouldHaveGeneratedAsync(Stage stage)
    {
        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-primary"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-canary", "podinfo-primary"]);
        foreach (var (kind, names) in Guide.Generated)
        {
            stage.Feed.Names(kind).ShouldBe(kind == Guide.UsersRoute ? [Stage.App, .. names] : names);
        }

        var kinds = await stage.Client.ServedKindsAsync(CancellationToken.None);
        var scaler = kinds.Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        var primary = await stage.Client.GetAsync(new(scaler, Stage.Namespace, "podinfo-primary"), CancellationToken.None);
        primary.Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
    }

    private void ShouldNeverHaveWrittenTheUsersRoute(Stage stage)
    {
        if (Guide.UsersRoute is { } route)
        {
            stage.Feed.History(route, Stage.App).Count.ShouldBe(1, "the user's own object is never written");
        }
    }

    private async Task ShouldServeAsync(Stage stage, string tag)
        => (await Traffic.SampleAsync(stage.UsersOf(Guide), "version", 50)).ShouldAllBe(body => body.Contains(tag));
}
