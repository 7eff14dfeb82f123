using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>
/// The guide of SMI's adapter for Istio, section by section, its Canary word for word. That Canary splits app.example.com, and lives by the users of that host:
/// its own load test calls another one.
/// </summary>
public sealed class SmiIstioGuideTests : GuideTests
{
    private static readonly ResourceKind TrafficSplit = new("split.smi-spec.io", "v1alpha1", "TrafficSplit", "trafficsplits");

    internal static readonly GuideCase Definition = new("smi:istio")
    {
        Install = "smi:istio",
        Split = (TrafficSplit, "podinfo"),
        ShareOf = Share,
        Generated = [(TrafficSplit, ["podinfo"])],
        Steps = [10, 20, 30, 40, 50],
        KeepsSplit = true,
        Threshold = 5,
        BeforeTraffic = [],
        Failing = "http://podinfo-canary:9898/",
    };

    private protected override GuideCase Guide => Definition;

    [Fact]
    public async Task GuidesLiteralCanary_WithoutUsersOfItsHost_FindsNoValues_AndIsRolledBack()
    {
        await using var stage = await Guide.BootstrapAsync();

        var release = await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Failed);

        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => m.StartsWith("Halt advancement no values found for "));
        await stage.ShouldBeRolledBackAsync(Guide, release, Guide.FirstTag);
    }

    [Fact]
    public async Task CorrectedCanary_SendsItsLoadThroughTheGateway_AndNeedsNoUsers()
    {
        await using var stage = await Guide.BootstrapAsync();
        await stage.ApplyFileAsync(Guide, "canary-corrected.yaml");

        (await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Succeeded)).Halts().ShouldBeEmpty();
    }

    private static double Share(JsonObject split)
    {
        split.Text("spec", "service").ShouldBe(new Place(split.Namespace()).Host);
        split.Annotation("VirtualService.v1alpha3.networking.istio.io/spec.gateways").ShouldBe("""["public-gateway.istio-system.svc.cluster.local"]""");
        var weights = split.ListAt("spec", "backends").ToDictionary(b => b.Text("service")!, b => double.Parse(b.Text("weight").ShouldNotBeNull(), CultureInfo.InvariantCulture));
        (weights["podinfo-primary"] + weights["podinfo-canary"]).ShouldBe(100);
        return weights["podinfo-canary"];
    }
}
