using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The Traefik guide, section by section.</summary>
public sealed class TraefikGuideTests : MetricGuideTests
{
    private static readonly ResourceKind Service = new("traefik.containo.us", "v1alpha1", "TraefikService", "traefikservices");

    internal static readonly GuideCase Definition = new("traefik")
    {
        Split = (Service, "podinfo"),
        ShareOf = Share,
        Generated = [(Service, ["podinfo"])],
        KeepsSplit = true,
        UsersRoute = new("traefik.containo.us", "v1alpha1", "IngressRoute", "ingressroutes"),
        Metric = new("404s percentage", "not-found-percentage", 5, "status/404") { ShouldTellLiteral = ShouldMeasureTheOppositeAsync },
    };

    private protected override GuideCase Guide => Definition;

    private static async Task ShouldMeasureTheOppositeAsync(Scene stage, GuideCase guide, IReadOnlyList<string> release, string primary)
    {
        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => m == $"Halt {stage.Title} advancement 404s percentage 100.00 > 5");
        await stage.ShouldBeRolledBackAsync(guide, release, primary);
    }

    /// <summary>At rest the canary has no entry: a weight of 0 would be one of 1.</summary>
    private static double Share(JsonObject service)
    {
        var weights = service.ListAt("spec", "weighted", "services").ToDictionary(s => s.Text("name")!, s => s.Number("weight"));
        weights.GetValueOrDefault("podinfo-canary").ShouldNotBe(0);
        var canary = weights.GetValueOrDefault("podinfo-canary") ?? 0;
        weights.GetValueOrDefault("podinfo-primary").ShouldBe(100 - canary);
        return canary;
    }
}
