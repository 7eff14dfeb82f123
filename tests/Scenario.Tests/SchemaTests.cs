using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Api.Crds;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>Somebody applies another project's definition of Canaries over ours, in the middle of a release.</summary>
[Collection(nameof(Unmeasured))]
public sealed class SchemaTests
{
    [Fact]
    public async Task ForeignDefinition_HoldsTheRelease_UntilOursIsAppliedAgain()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = 30 });
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(25);
        await ApplyAsync(stage, Foreign());

        await stage.UntilAsync(() => stage.Status.Condition(Condition.Accepted)?.Reason == Reasons.SchemaPrunesStatus, "a condition says that releases are held");
        stage.Status.Condition(Condition.Accepted)!.Message.ShouldContain("the served CustomResourceDefinition canaries.flagger.app drops status.step");
        await stage.UntilAsync(() => stage.Log.Any(l => l.Contains("Holds all releases", StringComparison.Ordinal)), "the log says so too");
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e is { Type: "Warning", Reason: Reasons.ClusterError } && e.Message.Contains("drops status.step", StringComparison.Ordinal)), "and an event");
        var weight = stage.Status.CanaryWeight;
        stage.ImageOf("podinfo-primary").ShouldEndWith(":4.0.5");

        await ApplyAsync(stage, Ours());
        await stage.RestsAsync(CanaryPhase.Succeeded);

        weight.ShouldBeInRange(25, 50);
        stage.ImageOf("podinfo-primary").ShouldEndWith(":4.0.6");
        stage.Status.Condition(Condition.Accepted)!.Status.ShouldBe(Condition.True);
        stage.Log.ShouldContain(l => l.Contains("keeps all fields again", StringComparison.Ordinal));
    }

    private static JsonObject Ours() => EmbeddedCrds.All().Single(c => c.Name() == "canaries.flagger.app");

    // One version, and the status that the contract knows.
    private static JsonObject Foreign()
    {
        var definition = Ours();
        var version = definition.ListAt("spec", "versions").Single(v => v.Text("name") == "v1beta1");
        version.ObjectAt("schema", "openAPIV3Schema", "properties", "status")!.Remove("x-kubernetes-preserve-unknown-fields");
        definition.Section("spec")["versions"] = new JsonArray(version.DeepClone());
        return definition;
    }

    private static Task<JsonObject> ApplyAsync(Stage stage, JsonObject definition)
        => stage.Client.MergePatchAsync(new(Kinds.CustomResourceDefinition, null, definition.Name()), new() { ["spec"] = new JsonObject { ["versions"] = definition["spec"]!["versions"]!.DeepClone() } }, null, CancellationToken.None);
}
