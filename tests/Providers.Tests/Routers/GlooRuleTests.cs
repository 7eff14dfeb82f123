using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Providers.Routers.Gloo;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class GlooRuleTests
{
    [Fact]
    public void Check_NoUpstreamRef_IsFine() => Problems(null).ShouldBeEmpty();

    [Theory]
    [InlineData("gloo.solo.io/v1", "settings", "test")]
    [InlineData("gloo.solo.io/v1", "test-podinfo-canaryupstream-9898", "shared")]
    [InlineData("gloo.solo.io/v1", "test-podinfo-canaryupstream-80", null)]
    public void Check_UpstreamOfTheUsers_IsFine(string apiVersion, string name, string? ns) => Problems(Ref(apiVersion, name, ns)).ShouldBeEmpty();

    [Fact]
    public void Check_OtherGroup_IsRefused()
        => Problems(Ref("gateway.solo.io/v1", "settings", null)).ShouldBe(["spec.upstreamRef.apiVersion: 'gateway.solo.io/v1' is not where Upstreams are; use gloo.solo.io/v1."]);

    [Theory]
    [InlineData("test-podinfo-primaryupstream-9898", null)]
    [InlineData("test-podinfo-canaryupstream-9898", "test")]
    public void Check_UpstreamThatTheCanaryGenerates_IsRefused(string name, string? ns)
        => Problems(Ref("gloo.solo.io/v1", name, ns)).ShouldBe(
            [$"spec.upstreamRef.name: '{name}' is what this canary generates, so it cannot be its source; name an upstream of your own."]);

    private static JsonObject Ref(string apiVersion, string name, string? ns)
        => new() { ["apiVersion"] = apiVersion, ["kind"] = "Upstream", ["name"] = name, ["namespace"] = ns };

    private static IEnumerable<string> Problems(JsonObject? upstreamRef)
    {
        var canary = Golden.Load("routers", "gloo", "bootstrap").Input["canary"]!.AsObject();
        canary["spec"]!["upstreamRef"] = upstreamRef;
        var rule = new GlooRule();
        rule.Provider.ShouldBe("gloo");
        return rule.Check(Canary.From(canary)).Select(p => p.ToString());
    }
}
