using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The Linkerd guide, section by section, and the rollback that it leaves out. Users are callers in the mesh.</summary>
public sealed class LinkerdGuideTests : GuideTests
{
    private const string SplitDefinition = "trafficsplits.split.smi-spec.io";
    private const string OwnRouteDefinition = "httproutes.policy.linkerd.io";

    private static readonly ResourceKind TrafficSplit = new("split.smi-spec.io", "v1alpha1", "TrafficSplit", "trafficsplits");

    internal static readonly GuideCase Definition = new("linkerd")
    {
        Install = "linkerd",
        Split = (TrafficSplit, "podinfo"),
        ShareOf = ShareOfSplit,
        Generated = [(TrafficSplit, ["podinfo"])],
        Threshold = 5,
        Users = "http://podinfo.test:9898/",
        Failing = "http://podinfo.test:9898/",
    };

    private protected override GuideCase Guide => Definition;

    [Theory]
    [InlineData("policy.linkerd.io", "v1beta3", SplitDefinition)]
    [InlineData("gateway.networking.k8s.io", "v1", SplitDefinition, OwnRouteDefinition)]
    public Task WithoutTheSmiExtension_TheServicesRouteIsSplit(string group, string version, params string[] missing)
    {
        var route = new ResourceKind(group, version, "HTTPRoute", "httproutes");
        return ShouldSplitAsync(Guide with
        {
            Split = (route, "podinfo"),
            ShareOf = ShareOfRoute,
            Generated = [(route, ["podinfo"])],
            WithoutDefinitions = missing,
        });
    }

    [Fact]
    public async Task NamespaceThatIsNotMeshed_HasNoValues_AndTheReleaseIsRolledBack()
    {
        await using var stage = await Stage.OpenAsync(Guide.Options);
        var objects = Stage.GuideObjects(null, Guide.Provider).ToList();
        objects.Single(o => o.Text("kind") == "Namespace").Metadata().Remove("annotations");
        await stage.ApplyAsync([.. objects]);
        await stage.RestsAsync(Core.Canaries.CanaryPhase.Initialized);

        var release = await stage.ReleaseAsync(Guide.Script.GoodTag, Core.Canaries.CanaryPhase.Failed);

        release.Halts().ShouldNotBeEmpty();
        release.Halts().ShouldAllBe(m => m.StartsWith("Halt advancement no values found for linkerd metric request-success-rate"));
    }

    // As Flagger writes them in this version: text.
    private static double ShareOfSplit(JsonObject split)
    {
        split.Text("spec", "service").ShouldBe("podinfo");
        return Share(split.ListAt("spec", "backends"), "service", b => double.Parse(b.Text("weight").ShouldNotBeNull(), CultureInfo.InvariantCulture));
    }

    private static double ShareOfRoute(JsonObject route)
    {
        route.ListAt("spec", "parentRefs").Single().Text("name").ShouldBe("podinfo");
        return Share(route.ListAt("spec", "rules").Single().ListAt("backendRefs"), "name", b => b.Number("weight").ShouldNotBeNull());
    }

    private static double Share(IEnumerable<JsonNode> backends, string name, Func<JsonNode, double> weightOf)
    {
        var weights = backends.ToDictionary(b => b.Text(name)!, weightOf);
        (weights["podinfo-primary"] + weights["podinfo-canary"]).ShouldBe(100);
        return weights["podinfo-canary"];
    }
}
