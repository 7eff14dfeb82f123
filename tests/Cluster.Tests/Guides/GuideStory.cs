using System.Text.Json.Nodes;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Guides;

/// <summary>A guide from its first object to the deletion of its Canary, on real Kubernetes and with a real Prometheus: the sections that Scenario.Tests plays one by one.</summary>
public abstract class GuideStory(ITestOutputHelper output)
{
    private const int Held = 30;
    private const string Third = "9.9.1";
    private const string Fourth = "9.9.2";

    private protected abstract GuideCase Guide { get; }

    [ClusterFact]
    public async Task Guide_FromItsFirstObject_ToTheDeletionOfItsCanary()
    {
        await using var stage = await RealStage.OpenAsync(Guide);
        await TimedAsync("initialized", () => InitializeAsync(stage));
        await TimedAsync("promoted", () => PromoteAsync(stage));
        await TimedAsync("rolled back", () => RollBackAsync(stage));
        if (Guide.Metric is { } metric)
        {
            await TimedAsync("rolled back for its own metric", () => MeasureAsync(stage, metric));
        }

        await TimedAsync("held and deleted", () => HoldAndDeleteAsync(stage));
    }

    private async Task TimedAsync(string section, Func<Task> play)
    {
        var started = TimeProvider.System.GetTimestamp();
        await play();
        output.WriteLine($"{section} within {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private async Task InitializeAsync(RealStage stage)
    {
        await stage.SetUpAsync(Guide, ClusterStage.Brisk);

        stage.Story(0).ShouldBe(stage.Initialization());
        await stage.ShouldHaveGeneratedAsync(Guide);

        // Kubernetes keeps autoscalers in another version than the guides' and converts between its own; for the Canary's other version it calls the product.
        foreach (var name in (string[])[Scene.App, "podinfo-primary"])
        {
            (await stage.KubectlAsync("get", $"horizontalpodautoscalers.v2beta2.autoscaling/{name}", "-o", "jsonpath={.spec.metrics[*].resource.target.averageUtilization}")).ShouldBe("99");
        }

        (await stage.KubectlAsync("get", $"canaries.v1alpha3.flagger.app/{Scene.App}", "-o", "jsonpath={.apiVersion} {.spec.canaryAnalysis.maxWeight}"))
            .ShouldBe("flagger.app/v1alpha3 50");
    }

    private async Task PromoteAsync(RealStage stage)
    {
        await using var users = Traffic.Start(stage.UsersOf(Guide), perSecond: stage.Rate(300));

        var release = await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Succeeded);

        release.ShouldBe(stage.Promotion(Guide));
        stage.Shares(Guide).ShouldBe([0, .. Guide.Steps, 0]);
        stage.ShouldNeverHaveWrittenTheUsersRoute(Guide);
        await stage.RoutesAsync(Guide, 0);
        await stage.ShouldServeAsync(Guide, Guide.Script.GoodTag);
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(100);
        await ShouldBeShownAsync(stage, release);
    }

    // What the guides tell their readers to look at.
    private static async Task ShouldBeShownAsync(RealStage stage, IReadOnlyList<string> release)
    {
        var table = (await stage.KubectlAsync("get", "canaries")).Split('\n');
        Cells(table[0]).ShouldBe(["NAME", "STATUS", "WEIGHT", "LASTTRANSITIONTIME"]);
        Cells(table[1])[..3].ShouldBe([Scene.App, "Succeeded", "0"]);

        var description = await stage.KubectlAsync("describe", $"canary/{Scene.App}");
        foreach (var message in release)
        {
            description.ShouldContain(message);
        }
    }

    private async Task RollBackAsync(RealStage stage)
    {
        var release = await stage.FailAsync(Guide, "status/500");

        release.ShouldContain($"Advance {stage.Title} canary weight {Guide.Steps[0]}");
        stage.ShouldHalt(release, @"success rate \d+\.\d\d% < 99%");
        await stage.ShouldBeRolledBackAsync(Guide, release, Guide.Script.GoodTag);
    }

    private async Task MeasureAsync(RealStage stage, CustomMetric metric)
    {
        await stage.ApplyFileAsync(Guide, "metrictemplate.yaml");
        await EditAsync(stage, metric.Only);

        var release = await stage.FailAsync(Guide, metric.BadPath, Third);

        stage.ShouldHalt(release, metric.Halt);
        await stage.ShouldBeRolledBackAsync(Guide, release, Guide.Script.GoodTag);
    }

    private async Task HoldAndDeleteAsync(RealStage stage)
    {
        await using var users = Traffic.Start(stage.UsersOf(Guide), perSecond: stage.Rate(300));
        await EditAsync(stage, analysis => Analysis.Held(analysis, Held, "8s"));
        await stage.GateAsync("open");
        await stage.SetImageAsync(Fourth);
        await stage.WeightAsync(Held);
        await stage.GateAsync("close");
        await stage.RoutesAsync(Guide, Held);
        await stage.ShouldSplitAsync(Guide, Held, Guide.Script.GoodTag, Fourth);

        await stage.DeleteCanaryAsync();

        await stage.ShouldLeaveTheApplicationAsync(Guide);
        await stage.ShouldServeAsync(Guide, Fourth);
        users.Failures.ShouldBeEmpty();
    }

    /// <summary>Applies the Canary with another analysis.</summary>
    private static Task EditAsync(RealStage stage, Action<JsonObject> edit) => stage.ApplyAsync(stage.Objects(analysis =>
    {
        ClusterStage.Brisk(analysis);
        edit(analysis);
    }).Single(o => o.Text("kind") == Kinds.Canary.Kind));

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
