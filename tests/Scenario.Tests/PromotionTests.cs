using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>The guide's "Automated canary promotion".</summary>
public sealed class PromotionTests(PromotionStory story) : IClassFixture<PromotionStory>
{
    private const string Predicate = "zalando.org/skipper-predicate";
    private const string Weights = "zalando.org/backend-weights";

    private Stage Stage => story.Stage;

    [Fact]
    public void Bootstrap_TellsItsEvents()
        => story.Bootstrap.ShouldBe(["all the metrics providers are available!", "Initialization done! podinfo.test"]);

    [Fact]
    public void Release_TellsTheGuidesEvents_InTheGuidesOrder()
        => story.Release.ShouldBe(
        [
            "Confirm-rollout check gate passed",
            "New revision detected! Scaling up podinfo.test",
            "Starting canary analysis for podinfo.test",
            "Pre-rollout check acceptance-test passed",
            "Advance podinfo.test canary weight 5",
            "Advance podinfo.test canary weight 10",
            "Advance podinfo.test canary weight 15",
            "Advance podinfo.test canary weight 20",
            "Advance podinfo.test canary weight 25",
            "Advance podinfo.test canary weight 30",
            "Advance podinfo.test canary weight 35",
            "Advance podinfo.test canary weight 40",
            "Advance podinfo.test canary weight 45",
            "Advance podinfo.test canary weight 50",
            "Copying podinfo.test template spec to podinfo-primary.test",
            "Routing all traffic to primary",
            "Promotion completed! Scaling down podinfo.test",
        ]);

    [Fact]
    public void GeneratedObjects_AreThoseOfTheGuide()
    {
        Stage.Feed.Names(Kinds.Deployment).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-primary"]);
        Stage.Feed.Names(Kinds.Service).ShouldBe(["flagger-loadtester", "podinfo", "podinfo-canary", "podinfo-primary"]);
        Stage.Feed.Names(Kinds.Ingress).ShouldBe(["podinfo", "podinfo-canary"]);
    }

    [Fact]
    public async Task GeneratedAutoscaler_ScalesThePrimary()
    {
        var kinds = await Stage.Client.ServedKindsAsync(CancellationToken.None);
        var scaler = kinds.Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        var primary = await Stage.Client.GetAsync(new(scaler, Stage.Namespace, "podinfo-primary"), CancellationToken.None);
        primary.Text("spec", "scaleTargetRef", "name").ShouldBe("podinfo-primary");
    }

    [Fact]
    public void CanaryIngress_FollowsTheSteps_AndIsDisabledAtRest()
    {
        var versions = Stage.Feed.History(Kinds.Ingress, "podinfo-canary").Select(i => (i.Annotation(Predicate), i.Annotation(Weights))).Distinct().ToList();
        var rest = ("False()", """{"podinfo-canary":0,"podinfo-primary":100}""");
        versions.ShouldBe([rest, .. Enumerable.Range(1, 10).Select(i => ("Weight(100)", $$"""{"podinfo-canary":{{5 * i}},"podinfo-primary":{{100 - (5 * i)}}}"""))]);
        var last = Stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!;
        (last.Annotation(Predicate), last.Annotation(Weights)).ShouldBe(rest);
    }

    [Fact]
    public void UsersIngress_IsNeverWritten()
        => Stage.Feed.History(Kinds.Ingress, "podinfo").Count.ShouldBe(1);

    [Fact]
    public void UsersRequests_NeverFail()
    {
        story.Requests.ShouldBeGreaterThan(100);
        story.FailedRequests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Slack")]
    [InlineData("Teams")]
    public void People_AreToldOnce(string service)
        => Stage.Chat.Where(m => m.Service == service).Select(m => $"{m.Subject}: {m.Text}").ShouldBe(
        [
            "podinfo.test: New Deployment detected, initialization completed.",
            "podinfo.test: New revision detected, progressing canary analysis.",
            "podinfo.test: Canary analysis completed successfully, promotion finished.",
        ]);

    [Fact]
    public void AlertOfTheStart_DescribesTheRelease()
        => Stage.Chat.First(m => m.Text.StartsWith("New revision", StringComparison.Ordinal)).Facts.ShouldBe(
            ["Target: Deployment/podinfo.test", "Failed checks threshold: 10", "Progress deadline: 600s", "Traffic routing: Weight step: 5 max: 50"]);

    [Fact]
    public void GetCanaries_ShowsTheGuidesColumns()
    {
        story.Columns.Where(c => c.Key is "Status" or "Weight").Select(c => c.Value).ShouldBe(["Succeeded", "0"]);
        DateTimeOffset.Parse(story.Columns["LastTransitionTime"]).ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Promotion_LeavesThePrimaryServingTheNewImage_AndTheTargetWithoutPods()
    {
        Stage.ImageOf("podinfo-primary").ShouldBe($"stefanprodan/podinfo:{PromotionStory.NewTag}");
        Stage.Feed.Find(Kinds.Deployment, "podinfo-primary").Integer("spec", "replicas").ShouldBe(2);
        Stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("spec", "replicas").ShouldBe(0);
    }

    [Fact]
    public async Task GatewayAfterwards_ServesTheNewVersion()
        => (await Traffic.SampleAsync(Stage.Gateway, "version", 20)).ShouldAllBe(body => body.Contains(PromotionStory.NewTag));

    [Fact]
    public void ProductsLog_ShowsTheEventsAsTheGuideReadsThem()
        => Stage.Log.ShouldContain(line => line.Contains("\"msg\":\"Promotion completed! Scaling down podinfo.test\"", StringComparison.Ordinal));
}
