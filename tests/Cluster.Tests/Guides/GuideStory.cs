using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Guides;

/// <summary>A guide from its first object to the deletion of its Canary, on real Kubernetes and with a real Prometheus: the sections that Scenario.Tests plays one by one.</summary>
public abstract class GuideStory(ITestOutputHelper output)
{
    private const int Held = 30;
    private const int FewFailures = 3;
    private const string Duration = "request-duration";

    // Long enough for pods to start and for the query to be asked more than once.
    private const int ShortDeadline = 15;

    private int _releases;

    private protected abstract GuideCase Guide { get; }

    /// <summary>The guide, once its own threshold was seen to count.</summary>
    private GuideCase Hurried => Guide with { Threshold = FewFailures };

    [ClusterFact]
    public async Task Guide_FromItsFirstObject_ToTheDeletionOfItsCanary()
    {
        await using var stage = await RealStage.OpenAsync(Guide);
        await TimedAsync("initialized", () => InitializeAsync(stage));
        await TimedAsync("promoted", () => PromoteAsync(stage));
        await TimedAsync("rolled back for errors", () => FailAsync(stage));
        await TimedAsync("rolled back for slowness", () => SlowDownAsync(stage));
        if (Guide.Metric is { } metric)
        {
            await TimedAsync("stopped by the guide's literal metric", () => MeasureLiterallyAsync(stage, metric));
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

    private async Task PromoteAsync(RealStage stage) => await ShouldBeShownAsync(stage, await stage.ShouldPromoteAsync(Guide));

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

        stage.Chat.ShouldNotBeEmpty();
        stage.Chat.ShouldAllBe(m => m.Facts.Contains($"Cluster: {Install.ClusterName}"), "the settings that were applied are in force");
    }

    private Task FailAsync(RealStage stage) => stage.ShouldRollBackAsync(Guide, GuideTests.FailingPath, GuideTests.FailingHalt, Guide.Script.GoodTag, NextTag());

    private async Task SlowDownAsync(RealStage stage)
    {
        // What failed a moment ago is still in the other check's window.
        await HurryAsync(stage, analysis => analysis["metrics"] = new JsonArray([.. analysis.ListAt("metrics").Where(m => m.Text("name") == Duration).Select(m => m.DeepClone())]));

        await stage.ShouldRollBackAsync(Hurried, Guide.SlowPath, GuideTests.SlowHalt, Guide.Script.GoodTag, NextTag());
    }

    private async Task MeasureLiterallyAsync(RealStage stage, CustomMetric metric)
    {
        await HurryAsync(stage, analysis =>
        {
            metric.Only(analysis);
            if (metric.HoldsLiteral)
            {
                analysis.Parent!["progressDeadlineSeconds"] = ShortDeadline;
            }
        });

        await stage.ShouldStopLiterallyAsync(Hurried, metric, NextTag(), Guide.Script.GoodTag);
    }

    private async Task MeasureAsync(RealStage stage, CustomMetric metric)
    {
        await stage.ApplyFileAsync(Guide, "metrictemplate.yaml");
        await HurryAsync(stage, metric.Only);

        await stage.ShouldRollBackAsync(Hurried, metric.BadPath, metric.Halt, Guide.Script.GoodTag, NextTag());
    }

    private async Task HoldAndDeleteAsync(RealStage stage)
    {
        await using var users = Traffic.Start(stage.UsersOf(Guide), perSecond: stage.Rate(300));
        await EditAsync(stage, analysis => Analysis.Held(analysis, Held, "8s"));
        await stage.GateAsync("open");
        var tag = NextTag();
        await stage.SetImageAsync(tag);
        await stage.WeightAsync(Held);
        await stage.GateAsync("close");
        await stage.RoutesAsync(Guide, Held);
        await stage.ShouldSplitAsync(Guide, Held, Guide.Script.GoodTag, tag);

        await stage.DeleteCanaryAsync();

        await stage.ShouldLeaveTheApplicationAsync(Guide);
        await stage.ShouldServeAsync(Guide, tag);
        users.Failures.ShouldBeEmpty();
    }

    /// <summary>Applies the Canary with another analysis, whose release is given up sooner.</summary>
    private Task HurryAsync(RealStage stage, Action<JsonObject> edit) => EditAsync(stage, analysis =>
    {
        edit(analysis);
        ClusterStage.Brisk(analysis);
        analysis["threshold"] = Hurried.Threshold;
    });

    // The same image again would be no release.
    private string NextTag() => string.Create(CultureInfo.InvariantCulture, $"9.9.{++_releases}");

    /// <summary>Applies the Canary with another analysis.</summary>
    private static Task EditAsync(RealStage stage, Action<JsonObject> edit) => stage.ApplyAsync(stage.Objects(analysis =>
    {
        ClusterStage.Brisk(analysis);
        edit(analysis);
    }).Single(o => o.Text("kind") == Kinds.Canary.Kind));

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
