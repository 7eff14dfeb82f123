using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

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
        Metric = new("latency", "latency", 0.5, "delay/2") { ShouldTellLiteral = ShouldFindNoValuesAsync },
    };

    private protected override GuideCase Guide => Definition;

    /// <summary>It leaves one bucket, of which there is no quantile.</summary>
    private static async Task ShouldFindNoValuesAsync(Scene stage, GuideCase guide, IReadOnlyList<string> release, string primary)
    {
        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => m.StartsWith("Halt advancement no values found for custom metric: latency: "));
        await stage.ShouldBeRolledBackAsync(guide, release, primary);
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
