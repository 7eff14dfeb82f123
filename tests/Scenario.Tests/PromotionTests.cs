using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>What people see of a promotion besides its events, which are in <see cref="Guides.GuideTests"/>.</summary>
public sealed class PromotionTests(PromotionStory story) : IClassFixture<PromotionStory>
{
    private Stage Stage => story.Stage;

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
        => Stage.Chat.First(m => m.Text.StartsWith("New revision", StringComparison.Ordinal)).Facts.Where(f => !f.StartsWith("Started by:", StringComparison.Ordinal)).ShouldBe(
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
    public void ProductsLog_ShowsTheEventsAsTheGuideReadsThem()
        => Stage.Log.ShouldContain(line => line.Contains("\"msg\":\"Promotion completed! Scaling down podinfo.test\"", StringComparison.Ordinal));
}
