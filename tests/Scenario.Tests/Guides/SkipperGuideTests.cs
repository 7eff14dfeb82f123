using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The Skipper guide, section by section.</summary>
public sealed class SkipperGuideTests : MetricGuideTests
{
    internal static readonly GuideCase Definition = new("skipper")
    {
        Split = (Kinds.Ingress, "podinfo-canary"),
        ShareOf = Share,
        Generated = [(Kinds.Ingress, ["podinfo-canary"])],
        UsersRoute = Kinds.Ingress,

        // The check is a mean, to which the load test adds its quick answers.
        SlowPath = "delay/5",
        BeforeRelease = ["Confirm-rollout check gate passed"],
        Metric = new("latency", "latency", 0.5, "delay/2"),
    };

    private protected override GuideCase Guide => Definition;

    [Fact]
    public async Task GuidesLiteralCustomMetric_IsReportedForWhatItIs()
    {
        await using var stage = await Guide.BootstrapAsync(Guide.Metric!.Only);
        await stage.ApplyFileAsync(Guide, "metrictemplate-literal.yaml");

        var release = await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Failed);

        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => m.StartsWith("Halt advancement no values found for custom metric: latency: "));
        release.ShouldContain("Rolling back podinfo.test failed checks threshold reached 10");
    }

    /// <summary>At rest the clone is disabled, and its weights say so, too.</summary>
    private static double Share(JsonObject clone)
    {
        var weights = JsonNode.Parse(clone.Annotation("zalando.org/backend-weights")!);
        var canary = weights.Number("podinfo-canary").ShouldNotBeNull();
        weights.Number("podinfo-primary").ShouldBe(100 - canary);
        clone.Annotation("zalando.org/skipper-predicate").ShouldBe(canary == 0 ? "False()" : "Weight(100)");
        return canary;
    }
}
