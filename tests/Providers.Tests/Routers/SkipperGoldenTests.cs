using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Skipper;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SkipperGoldenTests
{
    public static TheoryData<string> Cases => [.. Golden.Cases("routers", "skipper")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_RendersTheExpectedChanges(string name)
    {
        var golden = Golden.Load("routers", "skipper", name);
        var input = InputOf(golden);
        var router = new SkipperRouter();
        var before = input.Objects.Values.Select(o => o.ToJsonString()).ToList();

        var plan = golden.Input.Flag("restore") == true ? router.Restore(input) : router.Plan(input, SplitOf(golden));

        golden.AssertMatches(RouterCase.Describe(router.Observe(input), plan));
        input.Objects.Values.Select(o => o.ToJsonString()).ShouldBe(before, "the router changed what it was given");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_OnItsOwnResult_ChangesNothing(string name)
    {
        var golden = Golden.Load("routers", "skipper", name);
        var input = InputOf(golden);
        var router = new SkipperRouter();
        var restores = golden.Input.Flag("restore") == true;
        var first = restores ? router.Restore(input) : router.Plan(input, SplitOf(golden));

        var again = input.After(first);
        var second = restores ? router.Restore(again) : router.Plan(again, SplitOf(golden));

        second.Changes.ShouldBeEmpty();
        second.Problem.ShouldBe(first.Problem);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Needs_NamesBothIngresses(string name)
    {
        var canary = Canary.From(Golden.Load("routers", "skipper", name).Input["canary"]!.AsObject());

        var needs = new SkipperRouter().Needs(canary, InputOf(Golden.Load("routers", "skipper", name)).Kinds);

        needs.Select(n => n.ToString()).ShouldBe(canary.Spec.IngressRef is null ? [] : ["ingress podinfo.test", "ingress podinfo-canary.test"]);
    }

    private static TrafficSplit SplitOf(Golden golden) => TrafficSplit.ToCanary(golden.Input.Integer("weight")!.Value);

    private static RouteInput InputOf(Golden golden)
        => RouterCase.InputOf(golden.Input["canary"]!.AsObject(), golden.Input.ListAt("objects").OfType<JsonObject>());
}
