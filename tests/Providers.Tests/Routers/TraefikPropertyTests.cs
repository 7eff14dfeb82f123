using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Traefik;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class TraefikPropertyTests
{
    private static readonly TraefikRouter Router = new();
    private static readonly JsonObject Case = TraefikCase.Load("sticky-and-other-keys-kept").Input;
    private static readonly Gen<int> Weights = Gen.Choose(0, 100);

    [Fact]
    public void Plan_WithForeignEntriesAnywhere_KeepsThemAndTheirOrder()
    {
        var entry = Gen.Elements(
            """{"name":"legacy","port":80,"weight":5}""", """{"name":"podinfo-canary","namespace":"other","port":80}""",
            """{"name":"podinfo","kind":"TraefikService"}""", """{"name":"podinfo-primary","port":"http","weight":70}""",
            """{"name":"podinfo-canary","namespace":"test","port":80,"weight":30}""", """{"name":"podinfo","port":80}""");
        Prop.ForAll(entry.ListOf().Zip(Weights).ToArbitrary(), c =>
        {
            var live = Live();
            live["spec"]!["weighted"]!["services"] = new JsonArray([.. c.Item1.Select(e => JsonNode.Parse(e))]);
            var foreign = Foreign(live);

            var after = ShouldReadBack(Input([live], TraefikCase.New), TrafficSplit.ToCanary(c.Item2));

            Foreign(after.Objects.Values.Single()).ShouldBe(foreign);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Plan_OverALiveObject_LeavesForeignFieldsUnchanged()
        => Prop.ForAll(Weights.ToArbitrary(), weight =>
        {
            var live = Live();
            var planned = ShouldReadBack(Input([live], TraefikCase.New), TrafficSplit.ToCanary(weight)).Objects.Values.Single();
            foreach (var part in (string[][])[["status"], ["spec", "extra"], ["spec", "weighted", "sticky"], ["metadata", "finalizers"], ["metadata", "uid"], ["metadata", "labels"], ["metadata", "ownerReferences"], ["metadata", "annotations"]])
            {
                live.At(part).ShouldNotBeNull();
                JsonNode.DeepEquals(planned.At(part), live.At(part)).ShouldBeTrue(string.Join('.', part));
            }
        }).QuickCheckThrowOnFailure();

    private static RouteInput ShouldReadBack(RouteInput input, TrafficSplit split)
    {
        var after = input.After(Router.Plan(input, split));
        Router.Observe(after).ShouldBe(split);
        Router.Plan(after, split).ShouldBe(RoutePlan.Unchanged);

        // Traefik takes a missing weight for 1, and 0 is not written: who gets nothing must not be there.
        var names = after.Objects.Values.Single().ListAt("spec", "weighted", "services").Where(s => s.Text("namespace") == "test").Select(s => s.Text("name")).ToList();
        names.Contains("podinfo-primary").ShouldBe(split.Primary > 0);
        names.Contains("podinfo-canary").ShouldBe(split.Canary > 0);
        return after;
    }

    private static List<string> Foreign(JsonObject service) =>
    [
        .. service.ListAt("spec", "weighted", "services")
            .Where(s => s.Text("kind") == "TraefikService" || s.Text("namespace") == "other" || s.Text("name") == "legacy")
            .Select(s => s.ToJsonString()),
    ];

    private static JsonObject Live() => Case["objects"]![0]!.AsObject().Copy();

    private static RouteInput Input(IEnumerable<JsonObject> objects, ResourceKind served) => RouterCase.InputOf(Case["canary"]!.AsObject(), objects, served);
}
