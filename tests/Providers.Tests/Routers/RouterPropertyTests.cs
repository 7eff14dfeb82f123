using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Providers.Tests.Routers;

/// <summary>What holds for every router that is registered, in every form that it can write. What is special to one is in a file of its own.</summary>
public sealed class RouterPropertyTests
{
    // Where others leave something on an object that a router generates; a clone's spec is the user's own.
    private static readonly string[][] Foreign = [["metadata", "labels"], ["metadata", "annotations"], ["status"], ["spec"]];
    private const string Key = "example.com/mine";
    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(30);
    private static readonly Gen<int> Weights = Gen.Choose(0, 100);

    public static TheoryData<string> Names => [.. RouterSamples.Routers.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Observe_AfterPlanOnNothing_ReadsAnySplitBack_AndPlanningAgainChangesNothing(string name)
    {
        var samples = 0;
        foreach (var (router, input) in Samples(name))
        {
            samples++;
            router.Observe(input).ShouldBeNull();
            for (var weight = 0; weight <= 100; weight++)
            {
                ShouldReadBack(router, input, TrafficSplit.ToCanary(weight));
            }
        }

        samples.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Observe_AfterAnySeriesOfPlans_ReadsTheLastSplitBack(string name)
        => Prop.ForAll(Gen.Elements(Samples(name).ToArray()).Zip(Weights.NonEmptyListOf()).ToArbitrary(), c =>
        {
            var ((router, input), weights) = c;
            foreach (var weight in weights)
            {
                input = ShouldReadBack(router, input, TrafficSplit.ToCanary(weight));
            }
        }).Check(Few);

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_OverLiveObjects_LeavesForeignFieldsUnchanged(string name)
        => Prop.ForAll(Gen.Elements(Samples(name).ToArray()).Zip(Gen.Two(Weights)).ToArbitrary(), c =>
        {
            var ((router, input), (first, second)) = c;
            var planned = router.Plan(input, TrafficSplit.ToCanary(first));
            planned.Changes.ShouldNotBeEmpty();
            var live = input.After(planned);
            foreach (var obj in planned.Changes.Select(change => live.Find(change.Target)!))
            {
                Foreign.ToList().ForEach(path => path.Aggregate(obj, (at, key) => at.Section(key))[Key] = "mine");
                obj.Metadata()["finalizers"] = new JsonArray("example.com/guard");
            }

            var after = ShouldReadBack(router, live, TrafficSplit.ToCanary(second));

            foreach (var target in planned.Changes.Select(change => change.Target))
            {
                foreach (var path in Foreign.Where(p => p[0] != "spec" || target.Kind != Kinds.Ingress))
                {
                    after.Find(target).Text([.. path, Key]).ShouldBe("mine", $"{target} {string.Join('.', path)}");
                }

                after.Find(target).ListAt("metadata", "finalizers").Count().ShouldBe(1);
            }
        }).Check(Few);

    /// <summary>Nothing is written that is not the router's to write, and everything generated goes with the Canary unless it is released.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_WritesOnlyItsOwnObjects_WhichTheCanaryOwns(string name)
    {
        foreach (var (router, input) in Samples(name))
        {
            var needs = router.Needs(input.Canary, input.Kinds);
            foreach (var change in router.Plan(input, TrafficSplit.ToCanary(20)).Changes)
            {
                needs.ShouldContain(change.Target);
                change.Kind.ShouldBe(ChangeKind.Create);
                input.Canary.Owns(change.Desired!).ShouldBeTrue(change.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Restore_AfterAnySplit_IsDoneOnce_AndALaterCanaryCanPlanOnWhatIsLeft(string name)
    {
        foreach (var (router, input) in Samples(name))
        {
            var split = input.After(router.Plan(input, TrafficSplit.ToCanary(40)));

            var restored = split.After(router.Restore(split));

            router.Restore(restored).Changes.ShouldBeEmpty();

            // Garbage collection goes in any order, so nothing may lead there even before it.
            var routes = restored.Objects.Where(o => o.Key.Kind != Kinds.Service && o.Key.Kind.Kind != "Upstream").Select(o => o.Value.ToJsonString());
            routes.ShouldAllBe(o => !o.Contains("podinfo-canary", StringComparison.Ordinal), "users' routes must not lead to what goes");
            var collected = restored with { Objects = restored.Objects.Where(o => !input.Canary.Owns(o.Value)).ToDictionary() };
            ShouldReadBack(router, collected, TrafficSplit.ToCanary(10));
        }
    }

    private static IEnumerable<(ITrafficRouter Router, RouteInput Input)> Samples(string name)
    {
        var router = RouterSamples.Routers.Single(r => r.Name == name);
        return RouterSamples.Of(router).Select(input => (router, input));
    }

    private static RouteInput ShouldReadBack(ITrafficRouter router, RouteInput input, TrafficSplit split)
    {
        var plan = router.Plan(input, split);
        plan.Problem.ShouldBeNull();
        var after = input.After(plan);
        router.Observe(after).ShouldBe(split);
        router.Plan(after, split).ShouldBe(RoutePlan.Unchanged);
        return after;
    }
}
