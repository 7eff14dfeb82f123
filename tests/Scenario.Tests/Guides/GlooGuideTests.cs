using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The Gloo guide, section by section.</summary>
public sealed class GlooGuideTests : MetricGuideTests
{
    private static readonly ResourceKind Table = new("gateway.solo.io", "v1", "RouteTable", "routetables");
    private static readonly ResourceKind Upstream = new("gloo.solo.io", "v1", "Upstream", "upstreams");

    internal static readonly GuideCase Definition = new("gloo")
    {
        Split = (Table, "podinfo"),
        ShareOf = Share,
        Generated = [(Table, ["podinfo"]), (Upstream, ["test-podinfo-canaryupstream-9898", "test-podinfo-primaryupstream-9898"])],
        UsersRoute = new("gateway.solo.io", "v1", "VirtualService", "virtualservices"),
        KeepsSplit = true,
        Threshold = 5,
        Metric = new("404s percentage", "not-found-percentage", 5, "status/404") { ShouldTellLiteral = ShouldBeNoQueryAsync, HoldsLiteral = true },
    };

    private protected override GuideCase Guide => Definition;

    /// <summary>A comma is missing. It is held until the deadline: a query that cannot be asked says nothing about the application.</summary>
    private static async Task ShouldBeNoQueryAsync(Scene stage, GuideCase guide, IReadOnlyList<string> release, string primary)
    {
        var report = release.Where(m => m.StartsWith("Metric query failed for 404s percentage: ", StringComparison.Ordinal)).ShouldHaveSingleItem();
        report.ShouldContain("parse error");
        report.ShouldContain("status", Case.Sensitive, "what stands where the comma is missing");
        release.TakeLast(2).ShouldBe([$"Rolling back {stage.Title} progress deadline exceeded {report}", $"Canary failed! Scaling down {stage.Title}"]);
        release.ShouldNotContain($"Advance {stage.Title} canary weight 10");
        stage.Status.FailedChecks.ShouldBe(0);
        await stage.RoutesAsync(guide, 0);
        await stage.ShouldServeAsync(guide, primary);
    }

    /// <summary>At rest the canary has no weight at all.</summary>
    private static double Share(JsonObject table)
    {
        var weights = table.ListAt("spec", "routes").Single().ListAt("routeAction", "multi", "destinations")
            .ToDictionary(d => d.Text("destination", "upstream", "name")!, d => d.Number("weight"));
        var canary = weights[$"{table.Namespace()}-podinfo-canaryupstream-9898"] ?? 0;
        (weights[$"{table.Namespace()}-podinfo-primaryupstream-9898"] + canary).ShouldBe(100);
        return canary;
    }
}
