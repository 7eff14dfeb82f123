using System.Text.RegularExpressions;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>What has to be seen at the end of a guide's sections.</summary>
internal static class GuideChecks
{
    /// <summary>Events of a Canary's first rest.</summary>
    internal static string[] Initialization(this Scene stage) => ["all the metrics providers are available!", $"Initialization done! {stage.Title}"];

    /// <summary>Events of a release that nothing holds up.</summary>
    internal static IReadOnlyList<string> Promotion(this Scene stage, GuideCase guide) =>
    [
        .. guide.BeforeRelease,
        $"New revision detected! Scaling up {stage.Title}",
        $"Starting canary analysis for {stage.Title}",
        .. guide.BeforeTraffic,
        .. guide.Steps.Select(weight => $"Advance {stage.Title} canary weight {weight}"),
        .. stage.PromotionsEnd(),
    ];

    internal static string[] PromotionsEnd(this Scene stage) =>
    [
        $"Copying {stage.Title} template spec to podinfo-primary.{stage.Place.Namespace}",
        "Routing all traffic to primary",
        $"Promotion completed! Scaling down {stage.Title}",
    ];

    /// <summary>A good release under users' requests: every step is told and routed, and no request is lost. Gives the release's events.</summary>
    internal static async Task<IReadOnlyList<string>> ShouldPromoteAsync(this Scene stage, GuideCase guide)
    {
        await using var users = Traffic.Start(stage.UsersOf(guide), perSecond: stage.Rate(300));

        var release = await stage.ReleaseAsync(guide.Script.GoodTag, CanaryPhase.Succeeded);

        release.ShouldBe(stage.Promotion(guide));
        stage.Shares(guide).ShouldBe([0, .. guide.Steps, 0]);
        stage.ShouldNeverHaveWrittenTheUsersRoute(guide);
        await stage.RoutesAsync(guide, 0);
        await stage.ShouldServeAsync(guide, guide.Script.GoodTag);
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(100);
        return release;
    }

    /// <summary>A release under bad requests, which get as far as the first weight's canary, halt it and roll it back.</summary>
    /// <param name="path">Of the bad requests.</param>
    /// <param name="halt">A regular expression of what follows <c>advancement</c>.</param>
    /// <param name="primary">The tag that is served before and after.</param>
    /// <param name="tag">Null for the guide's.</param>
    internal static async Task ShouldRollBackAsync(this Scene stage, GuideCase guide, string path, string halt, string primary, string? tag = null)
    {
        var release = await stage.FailAsync(guide, path, tag);

        release.ShouldContain($"Advance {stage.Title} canary weight {guide.Steps[0]}");
        stage.ShouldHalt(release, halt);
        await stage.ShouldBeRolledBackAsync(guide, release, primary);
    }

    /// <summary>A good release under the guide's literal template, which lets none pass.</summary>
    /// <param name="tag">The release's.</param>
    /// <param name="primary">The one that is served before and after.</param>
    internal static async Task ShouldStopLiterallyAsync(this Scene stage, GuideCase guide, CustomMetric metric, string tag, string primary)
    {
        await stage.ApplyFileAsync(guide, "metrictemplate-literal.yaml");

        var release = await stage.ReleaseAsync(tag, CanaryPhase.Failed);

        await metric.ShouldTellLiteral(stage, guide, release, primary);
    }

    internal static async Task ShouldHaveGeneratedAsync(this Scene stage, GuideCase guide)
    {
        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-primary"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-canary", "podinfo-primary"]);
        foreach (var (kind, names) in guide.Generated)
        {
            IReadOnlyList<string> here = [.. names.Select(stage.Place.Here)];
            stage.Feed.Names(kind).ShouldBe(kind == guide.UsersRoute ? [Scene.App, .. here] : here);
        }

        var kinds = await stage.Client.ServedKindsAsync(CancellationToken.None);
        var scaler = kinds.Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        var primary = await stage.Client.GetAsync(new(scaler, stage.Place.Namespace, "podinfo-primary"), CancellationToken.None);
        primary.Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
    }

    internal static void ShouldNeverHaveWrittenTheUsersRoute(this Scene stage, GuideCase guide)
    {
        if (guide.UsersRoute is { } route)
        {
            stage.Feed.History(route, Scene.App).Count.ShouldBe(1, "the user's own object is never written");
        }
    }

    internal static async Task ShouldServeAsync(this Scene stage, GuideCase guide, string tag)
        => (await Traffic.SampleAsync(stage.UsersOf(guide), "version", 50)).ShouldAllBe(body => body.Contains(tag));

    /// <summary>The canary's share of users' answers is that of the split.</summary>
    /// <param name="from">The primary's tag.</param>
    /// <param name="to">The canary's.</param>
    internal static async Task ShouldSplitAsync(this Scene stage, GuideCase guide, double share, string from, string to)
    {
        var answers = await Traffic.SampleAsync(stage.UsersOf(guide), "version", 2000);

        answers.ShouldAllBe(body => body.Contains(from) || body.Contains(to));
        (answers.Count(body => body.Contains(to, StringComparison.Ordinal)) * 100.0 / answers.Count).ShouldBe(share, 1);
    }

    /// <summary>The release was halted for this reason only.</summary>
    /// <param name="halt">A regular expression of what follows <c>advancement</c>.</param>
    internal static void ShouldHalt(this Scene stage, IReadOnlyList<string> release, string halt)
    {
        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => Regex.IsMatch(m, $@"^Halt {Regex.Escape(stage.Title)} advancement {halt}$"));
    }

    /// <param name="tag">What the primary serves.</param>
    internal static async Task ShouldBeRolledBackAsync(this Scene stage, GuideCase guide, IReadOnlyList<string> release, string tag)
    {
        release.TakeLast(2).ShouldBe([$"Rolling back {stage.Title} failed checks threshold reached {guide.Threshold}", $"Canary failed! Scaling down {stage.Title}"]);
        (stage.Status.FailedChecks, stage.Status.CanaryWeight).ShouldBe((guide.Threshold, 0));
        stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("spec", "replicas").ShouldBe(0);
        guide.ShareOf(stage.Feed.Find(guide.Split.Kind, guide.Split.Name)!).ShouldBe(0);
        await stage.RoutesAsync(guide, 0);
        await stage.ShouldServeAsync(guide, tag);
        await stage.UntilAsync(() => stage.Chat.Count(m => m.Text == $"Failed checks threshold reached {guide.Threshold}") >= 2, "both chats are told of the failure");
    }

    /// <summary>The Canary is deleted: the application is as it was before it.</summary>
    internal static async Task ShouldLeaveTheApplicationAsync(this Scene stage, GuideCase guide)
    {
        await stage.UntilAsync(() => stage.Feed.Canary(Scene.App) is null, "the Canary goes");
        await stage.UntilAsync(() => stage.Feed.Names(Kinds.Deployment).Count == 2 && stage.Feed.Names(Kinds.Service).Count == 2, "the tracks go");
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("status", "readyReplicas") == 2, "the application has its pods");
        await stage.ShouldLeaveTheSplitAsync(guide);

        stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo"]);
        stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo"]);
        var apex = stage.Feed.Find(Kinds.Service, "podinfo")!;
        apex.Map("spec", "selector").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo" });
        apex.ListAt("metadata", "ownerReferences").ShouldBeEmpty("users' routes lead to it");
        stage.ShouldNeverHaveWrittenTheUsersRoute(guide);
        stage.Story(0).TakeLast(2).ShouldBe([$"Terminating canary {stage.Title}", $"Terminated canary {stage.Title}"]);
    }

    // What users' requests need stays, as nobody's; the rest goes by garbage collection.
    private static async Task ShouldLeaveTheSplitAsync(this Scene stage, GuideCase guide)
    {
        if (!guide.KeepsSplit)
        {
            await stage.UntilAsync(() => guide.Generated.All(g => !stage.Feed.Names(g.Kind).Intersect(g.Names.Select(stage.Place.Here)).Any()), "the generated objects go");
            return;
        }

        await stage.UntilAsync(() => !stage.Feed.Find(guide.Split.Kind, guide.Split.Name).ListAt("metadata", "ownerReferences").Any(), "the split is released");
        stage.Feed.Find(guide.Split.Kind, guide.Split.Name).ShouldNotBeNull("users come by it");
    }
}
