using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Traefik;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class TraefikGoldenTests
{
    private static readonly TraefikRouter Router = new();

    public static TheoryData<string> Cases => [.. TraefikCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_RendersTheExpectedChanges(string name)
    {
        var golden = TraefikCase.Load(name);
        var input = TraefikCase.InputOf(golden);
        var before = input.Objects.Values.Select(o => o.ToJsonString()).ToList();

        golden.AssertMatches(RouterCase.Describe(Router.Observe(input), PlanOf(golden, input)));

        input.Objects.Values.Select(o => o.ToJsonString()).ShouldBe(before, "the router changed what it was given");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_OnItsOwnResult_ChangesNothing(string name)
    {
        var golden = TraefikCase.Load(name);
        var input = TraefikCase.InputOf(golden);
        var first = PlanOf(golden, input);

        var second = PlanOf(golden, input.After(first));

        second.Changes.ShouldBeEmpty();
        second.Problem.ShouldBe(first.Problem);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Observe_AfterItsPlan_ReadsTheSplit_AndNothingWhereThePlanIsBlocked(string name)
    {
        var golden = TraefikCase.Load(name);
        var input = TraefikCase.InputOf(golden);
        var split = TrafficSplit.ToCanary(golden.Input.Integer("weight") ?? 0);

        var plan = Router.Plan(input, split);

        Router.Observe(input.After(plan)).ShouldBe(plan.Problem is null ? split : null);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Needs_NamesTheServiceInEveryGroupThatIsServed(string name)
    {
        var golden = TraefikCase.Load(name);
        var input = TraefikCase.InputOf(golden);

        Router.Needs(input.Canary, input.Kinds).Select(n => $"{n.Kind.Group} {n.Name}.{n.Namespace}")
            .ShouldBe(golden.Input.ListAt("served").Select(g => $"{g.Text()} {input.Canary.ApexService}.test"));
    }

    private static RoutePlan PlanOf(Golden golden, RouteInput input) => golden.Input.Flag("restore") == true
        ? Router.Restore(input)
        : Router.Plan(input, TrafficSplit.ToCanary(golden.Input.Integer("weight")!.Value));
}
