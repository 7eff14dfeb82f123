using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Gloo;
using CanaryFunctions.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class GlooPropertyTests
{
    private static readonly GlooRouter Router = new();
    private static readonly Gen<int> Weights = Gen.Choose(0, 100);
    private static readonly string[] Settings = ["circuitBreakers", "loadBalancerConfig", "sslConfig", "useHttp2"];

    /// <summary>Whatever the live objects look like, of all the golden cases that can be planned at all.</summary>
    [Fact]
    public void Observe_AfterPlanOnAnyLiveObjects_ReadsTheSplitBack()
    {
        var inputs = Golden.Cases("routers", "gloo").Select(Case).Where(i => Router.Plan(i, TrafficSplit.ToCanary(5)).Problem is null).ToList();
        inputs.Count.ShouldBeGreaterThan(30);
        Prop.ForAll(Gen.Elements(inputs.ToArray()).Zip(Weights).ToArbitrary(), c => { ShouldReadBack(c.Item1, TrafficSplit.ToCanary(c.Item2)); })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Plan_OverLiveObjects_LeavesForeignFieldsUnchanged()
        => Prop.ForAll(Weights.ToArbitrary(), weight =>
        {
            var input = Case("foreign-fields-kept");
            var planned = input.After(Router.Plan(input, TrafficSplit.ToCanary(weight)));
            ShouldKeep(input, planned, "podinfo", ["status"], ["metadata", "finalizers"], ["metadata", "uid"], ["metadata", "labels"], ["metadata", "annotations"], ["spec", "weight"]);
            ShouldKeep(input, planned, "test-podinfo-primaryupstream-9898", ["status"], ["spec", "discoveryMetadata"], ["spec", "healthChecks"], ["spec", "kube", "subsetSpec"]);
            ShouldKeep(input, planned, "test-podinfo-canaryupstream-9898", ["metadata", "labels"], ["metadata", "annotations"], ["spec", "sslConfig"]);
            Table(planned).At("spec", "routes")![0].Text("options", "timeout").ShouldBe("15s");
        }).QuickCheckThrowOnFailure();

    /// <summary>The copies have what the source has, lose what it loses, and keep what somebody set on them.</summary>
    [Fact]
    public void Plan_WhateverTheSourceHas_FollowsItAndKeepsTheRest()
    {
        var subsets = Gen.SubListOf(Settings);
        var cases = from first in subsets from second in subsets from own in subsets select (first.ToArray(), second.ToArray(), own.Except(first).ToArray());
        Prop.ForAll(cases.ToArbitrary(), c => FollowsSource(c.Item1, c.Item2, c.Item3)).QuickCheckThrowOnFailure();
    }

    private static void FollowsSource(string[] first, string[] second, string[] own)
    {
        var input = Case("upstream-ref");
        SetSource(input, first, "1");
        input = input.After(Router.Plan(input, TrafficSplit.AllPrimary));
        Copies(input).ForEach(copy => Set(copy, own, "mine"));
        SetSource(input, second, "2");

        var planned = input.After(Router.Plan(input, TrafficSplit.ToCanary(10)));

        Copies(planned).Count.ShouldBe(2);
        foreach (var (copy, key) in Copies(planned).SelectMany(c => Settings.Select(k => (c, k))))
        {
            copy.Text("spec", key).ShouldBe(second.Contains(key) ? "2" : own.Contains(key) ? "mine" : null, key);
        }
    }

    private static RouteInput ShouldReadBack(RouteInput input, TrafficSplit split)
    {
        var after = input.After(Router.Plan(input, split));
        Router.Observe(after).ShouldBe(split);
        Router.Plan(after, split).ShouldBe(RoutePlan.Unchanged);
        return after;
    }

    private static void ShouldKeep(RouteInput before, RouteInput after, string name, params string[][] parts)
    {
        foreach (var part in parts)
        {
            var kept = Named(before, name).At(part).ShouldNotBeNull(string.Join('.', part));
            JsonNode.DeepEquals(Named(after, name).At(part), kept).ShouldBeTrue($"{name} {string.Join('.', part)}");
        }
    }

    private static void SetSource(RouteInput input, string[] keys, string value)
    {
        var source = Named(input, "settings");
        source["spec"] = new JsonObject();
        Set(source, keys, value);
    }

    private static void Set(JsonObject upstream, string[] keys, string value)
    {
        foreach (var key in keys)
        {
            upstream.Section("spec")[key] = value;
        }
    }

    private static List<JsonObject> Copies(RouteInput input)
        => [.. input.Objects.Where(o => o.Key.Kind.Kind == "Upstream" && o.Key.Name != "settings").Select(o => o.Value)];

    private static JsonObject Table(RouteInput input) => Named(input, "podinfo");

    private static JsonObject Named(RouteInput input, string name) => input.Objects.Single(o => o.Key.Name == name).Value;

    private static RouteInput Case(string name) => GlooCase.InputOf(Golden.Load("routers", "gloo", name).Input);
}
