using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Gloo;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class GlooGoldenTests
{
    public static TheoryData<string> Cases => [.. Golden.Cases("routers", "gloo")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_RendersTheExpectedChanges(string name)
    {
        var golden = Golden.Load("routers", "gloo", name);
        var input = GlooCase.InputOf(golden.Input);
        var before = input.Objects.Values.Select(o => o.ToJsonString()).ToList();

        var plan = PlanOf(golden.Input, input);

        golden.AssertMatches(RouterCase.Describe(new GlooRouter().Observe(input), plan));
        input.Objects.Values.Select(o => o.ToJsonString()).ShouldBe(before, "the router changed what it was given");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_OnItsOwnResult_ChangesNothingAndIsObserved(string name)
    {
        var golden = Golden.Load("routers", "gloo", name);
        var input = GlooCase.InputOf(golden.Input);
        var first = PlanOf(golden.Input, input);

        var again = input.After(first);
        var second = PlanOf(golden.Input, again);

        second.Changes.ShouldBeEmpty();
        second.Problem.ShouldBe(first.Problem);
        if (golden.Input.Integer("weight") is { } weight && first.Problem is null)
        {
            new GlooRouter().Observe(again).ShouldBe(TrafficSplit.ToCanary(weight));
        }
    }

    [Theory]
    [InlineData("bootstrap", "")]
    [InlineData("upstream-ref", "upstream settings.test")]
    [InlineData("upstream-ref-other-namespace", "upstream settings.shared")]
    public void Needs_NamesTheTableTheUpstreamsAndTheServices(string name, string config)
    {
        var input = GlooCase.InputOf(Golden.Load("routers", "gloo", name).Input);

        var needs = new GlooRouter().Needs(input.Canary, input.Kinds);

        needs.Select(n => n.ToString()).ShouldBe(
        [
            "routetable podinfo.test", "upstream test-podinfo-primaryupstream-9898.test", "upstream test-podinfo-canaryupstream-9898.test",
            "service podinfo-primary.test", "service podinfo-canary.test", .. config.Length > 0 ? [config] : Array.Empty<string>(),
        ]);
    }

    [Fact]
    public void Needs_KindsNotServed_NamesNothing()
    {
        var input = GlooCase.InputOf(Golden.Load("routers", "gloo", "apis-missing").Input);

        new GlooRouter().Needs(input.Canary, input.Kinds).ShouldBeEmpty();
    }

    private static RoutePlan PlanOf(JsonObject golden, RouteInput input) => golden.Flag("restore") == true
        ? new GlooRouter().Restore(input)
        : new GlooRouter().Plan(input, TrafficSplit.ToCanary(golden.Integer("weight")!.Value));
}
