using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Skipper;
using CanaryFunctions.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SkipperPropertyTests
{
    private static readonly SkipperRouter Router = new();
    private static readonly JsonObject Case = Golden.Load("routers", "skipper", "foreign-fields-kept").Input;
    private static readonly Gen<int> Weights = Gen.Choose(0, 100);
    private static readonly Gen<string[]> Keys = Gen.Elements("example.com/a", "example.com/b", "app", "team", "zalando.org/skipper-filter").ArrayOf();

    [Fact]
    public void Plan_WhateverLabelsAndAnnotationsChange_FollowsTheApexAndKeepsTheRest()
    {
        var cases = from weight in Weights
                    from first in Keys
                    from second in Keys
                    from foreign in Keys
                    select (weight, first, second, foreign);
        Prop.ForAll(cases.ToArbitrary(), c => FollowsApex(c.weight, c.first, c.second, c.foreign.Select(k => $"foreign/{k.Replace('/', '-')}").ToArray()))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Plan_OverALiveClone_LeavesForeignFieldsUnchanged()
        => Prop.ForAll(Weights.ToArbitrary(), weight =>
        {
            var input = RouterCase.InputOf(Case["canary"]!.AsObject(), Case.ListAt("objects").Cast<JsonObject>());
            var live = Clone(input);
            var planned = Clone(input.After(Router.Plan(input, TrafficSplit.ToCanary(weight))));
            planned.Annotation("zalando.org/skipper-predicate").ShouldBe(weight == 0 ? "False()" : "Weight(100)");
            foreach (var part in (string[][])[["status"], ["metadata", "finalizers"], ["metadata", "uid"], ["metadata", "labels", "extra"], ["metadata", "annotations", "example.com/note"]])
            {
                live.At(part).ShouldNotBeNull();
                JsonNode.DeepEquals(planned.At(part), live.At(part)).ShouldBeTrue(string.Join('.', part));
            }
        }).QuickCheckThrowOnFailure();

    private static void FollowsApex(int weight, string[] first, string[] second, string[] foreign)
    {
        var input = WithApexOnly();
        Mark(Apex(input), first, "1");
        input = input.After(Router.Plan(input, TrafficSplit.ToCanary(weight)));
        Mark(Clone(input), foreign, "mine");
        Mark(Apex(input), second, "2");

        var planned = Clone(input.After(Router.Plan(input, TrafficSplit.ToCanary(weight))));

        foreach (var section in (string[])["labels", "annotations"])
        {
            foreach (var key in first.Union(second))
            {
                planned.Text("metadata", section, key).ShouldBe(second.Contains(key) ? "2" : null);
            }

            foreach (var key in foreign)
            {
                planned.Text("metadata", section, key).ShouldBe("mine");
            }
        }
    }

    private static void Mark(JsonObject obj, string[] keys, string value)
    {
        foreach (var section in (string[])["labels", "annotations"])
        {
            var marks = obj.Metadata().Section(section);
            foreach (var old in marks.Where(m => m.Value.Text() == "1").Select(m => m.Key).ToList())
            {
                marks.Remove(old);
            }

            foreach (var key in keys)
            {
                marks[key] = value;
            }
        }
    }

    private static RouteInput WithApexOnly() => RouterCase.InputOf(Case["canary"]!.AsObject(), [Case["objects"]![0]!.AsObject().Copy()]);

    private static JsonObject Apex(RouteInput input) => input.Objects.Single(o => o.Key.Name == "podinfo").Value;

    private static JsonObject Clone(RouteInput input) => input.Objects.Single(o => o.Key.Name == "podinfo-canary").Value;
}
