using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>Without the webhook the sweep finds everything, later.</summary>
[Collection(nameof(Unmeasured))]
public sealed class WebhookDownTests
{
    [Fact]
    public async Task ChangeThatNobodyAnnounced_IsFoundByTheSweep()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        await stage.Playground.Webhook.DisposeAsync();

        await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);

        stage.ImageOf("podinfo-primary").ShouldBe("stefanprodan/podinfo:4.0.6");
        stage.Log.ShouldContain(line => line.Contains("The sweep found podinfo.test: target changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task InvalidCanaryThatGotIn_IsToldWhy_AndLeftAlone()
    {
        await using var stage = await Stage.OpenAsync();
        await stage.Playground.Webhook.DisposeAsync();
        var objects = Stage.GuideObjects(analysis => analysis["metrics"]![0]!["name"] = "request-success-rat").ToList();
        objects[^1].Section("spec")["provider"] = "skiper";
        await stage.ApplyAsync([.. objects]);

        await stage.UntilAsync(() => stage.Status.Condition(Condition.Accepted)?.Status == Condition.False, "a condition says what is wrong");
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e is { Type: "Warning", Reason: Reasons.InvalidSpec }), "a Warning event says so as well");

        var condition = stage.Status.Condition(Condition.Accepted)!;
        condition.Reason.ShouldBe(Reasons.InvalidSpec);
        condition.Message.ShouldContain("spec.provider: 'skiper' is not a known provider");
        condition.Message.ShouldContain("spec.analysis.metrics[0].name: 'request-success-rat'");
        var kinds = stage.Feed.Names(Kinds.Deployment).Concat(stage.Feed.Names(Kinds.Service)).Concat(stage.Feed.Names(Kinds.Ingress));
        kinds.ShouldNotContain(name => name.StartsWith("podinfo-", StringComparison.Ordinal), "nothing is generated");
        stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("spec", "replicas").ShouldBe(2);
        stage.Feed.Find(Kinds.Canary, "podinfo").ListAt("metadata", "finalizers").ShouldBeEmpty();
    }

    [Fact]
    public async Task SecondCanaryOfATargetThatGotIn_LeavesTheTargetToTheOlder()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        await stage.Playground.Webhook.DisposeAsync();
        await AnotherSecondAsync(stage);
        var second = Stage.GuideObjects(Analysis.Short).Last();
        second.Metadata()["name"] = "second";
        await stage.ApplyAsync(second);

        await stage.UntilAsync(() => Accepted(stage, "second")?.Reason == Reasons.DuplicateTarget, "the younger one is told");
        Accepted(stage, "second")!.Message.ShouldContain("older canary podinfo.test");
        await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);
        Accepted(stage, "podinfo")!.Status.ShouldBe(Condition.True);
        stage.Feed.Events.Where(e => e.Canary == "second").Select(e => e.Reason).ShouldBe([Reasons.DuplicateTarget]);
        stage.Feed.Canary("second")!.Status.Phase.ShouldBe(CanaryPhase.None);
    }

    // Creation times have whole seconds: of two Canaries of the same second neither is the older.
    private static async Task AnotherSecondAsync(Stage stage)
    {
        var created = stage.Feed.Find(Kinds.Canary, Stage.App).Time("metadata", "creationTimestamp")!.Value;
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (TimeProvider.System.GetUtcNow() < created.AddSeconds(1))
        {
            await clock.WaitForNextTickAsync();
        }
    }

    private static Condition? Accepted(Stage stage, string canary) => stage.Feed.Canary(canary)?.Status.Condition(Condition.Accepted);
}
