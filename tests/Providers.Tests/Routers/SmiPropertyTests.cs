using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Smi;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SmiPropertyTests
{
    private static readonly Gen<int> Weights = Gen.Choose(0, 100);

    [Theory]
    [InlineData("smi", "foreign-fields-kept", "spec/backends/0/x-note")]
    [InlineData("linkerd", "route-foreign-fields-kept", "spec/rules/0/timeouts", "spec/rules/0/filters", "spec/rules/0/matches", "spec/rules/1")]
    public void Plan_OverALiveObject_LeavesForeignFieldsUnchanged(string folder, string name, params string[] own)
    {
        var golden = SmiCase.Load(folder, name);
        var live = golden.Input.Objects.Values.Single();
        string[] common =
        [
            "status", "metadata/finalizers", "metadata/uid", "metadata/labels", "metadata/annotations", "metadata/ownerReferences",
            "metadata/resourceVersion", "spec/x-extra",
        ];
        Prop.ForAll(Weights.ToArbitrary(), weight =>
        {
            var planned = golden.Input.After(golden.Router.Plan(golden.Input, TrafficSplit.ToCanary(weight))).Objects.Values.Single();
            foreach (var path in common.Concat(own))
            {
                Part(live, path).ShouldNotBeNull(path);
                JsonNode.DeepEquals(Part(planned, path), Part(live, path)).ShouldBeTrue(path);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Split_AnyWeightsOfOneRatio_AreOneSplit()
    {
        var cases = from share in Weights
                    from scale in Gen.Elements(0.001, 0.01, 1, 3, 1000)
                    select (share, scale);
        Prop.ForAll(cases.ToArbitrary(), c => SplitWeights.Split((100 - c.share) * c.scale, c.share * c.scale).ShouldBe(TrafficSplit.ToCanary(c.share)))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("50", 50.0)]
    [InlineData("500m", 0.5)]
    [InlineData("5e1", 50.0)]
    [InlineData("0.25", 0.25)]
    [InlineData("1k", 1000.0)]
    [InlineData("", null)]
    [InlineData("m", null)]
    [InlineData("-1", null)]
    [InlineData("NaN", null)]
    [InlineData("1e999", null)]
    [InlineData("50%", null)]
    [InlineData(" 5", null)]
    public void Read_Quantity_IsItsValueOrNothing(string text, double? value) => SplitWeights.Read(text).ShouldBe(value);

    private static JsonNode? Part(JsonNode? node, string path)
    {
        foreach (var key in path.Split('/'))
        {
            node = node is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] : node.At(key);
        }

        return node;
    }
}
