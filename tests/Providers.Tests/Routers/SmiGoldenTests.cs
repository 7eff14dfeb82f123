using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SmiGoldenTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var folder in (string[])["linkerd", "smi"])
            {
                foreach (var name in Golden.Cases("routers", folder))
                {
                    cases.Add(folder, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_RendersTheExpectedChanges(string folder, string name)
    {
        var golden = SmiCase.Load(folder, name);
        var before = golden.Input.Objects.Values.Select(o => o.ToJsonString()).ToList();

        var plan = golden.PlanOn(golden.Input);

        golden.Golden.AssertMatches(RouterCase.Describe(golden.Router.Observe(golden.Input), plan));
        golden.Input.Objects.Values.Select(o => o.ToJsonString()).ShouldBe(before, "the router changed what it was given");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_OnItsOwnResult_ChangesNothingAndIsObserved(string folder, string name)
    {
        var golden = SmiCase.Load(folder, name);
        var first = golden.PlanOn(golden.Input);

        var again = golden.Input.After(first);
        var second = golden.PlanOn(again);

        second.Changes.ShouldBeEmpty();
        second.Problem.ShouldBe(first.Problem);
        if (golden.Split is { } split && first.Problem is null)
        {
            golden.Router.Observe(again).ShouldBe(split);
        }
    }

    [Theory]
    [InlineData("smi", "any-version-prefers-the-first", "split.smi-spec.io/v1alpha1 TrafficSplit")]
    [InlineData("smi", "any-version-takes-what-is-served", "split.smi-spec.io/v1alpha2 TrafficSplit")]
    [InlineData("smi", "v1alpha3-numbers", "split.smi-spec.io/v1alpha3 TrafficSplit")]
    [InlineData("linkerd", "split-preferred", "split.smi-spec.io/v1alpha1 TrafficSplit")]
    [InlineData("linkerd", "route-own-kind-preferred", "policy.linkerd.io/v1beta2 HTTPRoute")]
    [InlineData("linkerd", "route-gateway-api", "gateway.networking.k8s.io/v1 HTTPRoute")]
    public void Needs_NamesTheOneObjectInTheVersionToUse(string folder, string name, string kind)
    {
        var golden = SmiCase.Load(folder, name);

        var need = golden.Router.Needs(golden.Input.Canary, golden.Input.Kinds).ShouldHaveSingleItem();

        need.Kind.ToString().ShouldBe(kind);
        (need.Name, need.Namespace).ShouldBe(("podinfo", "test"));
    }

    [Theory]
    [InlineData("smi", "version-not-served")]
    [InlineData("smi", "nothing-served")]
    [InlineData("linkerd", "nothing-served")]
    public void Needs_KindNotServed_NamesNothing(string folder, string name)
    {
        var golden = SmiCase.Load(folder, name);

        golden.Router.Needs(golden.Input.Canary, golden.Input.Kinds).ShouldBeEmpty();
    }
}
