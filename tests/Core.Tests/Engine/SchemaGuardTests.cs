using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Schemas;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The served definition of Canaries is looked at before a release trusts its memory to it (design rule 7).</summary>
public sealed class SchemaGuardTests
{
    private const string Name = "canaries.flagger.app";

    [Fact]
    public void Problem_OurDefinition_HasNone() => ServedSchema.Problem(Ours()).ShouldBeNull();

    [Fact]
    public void Problem_DefinitionThatKnowsFewerFields_NamesThem_OurMemoryFirst()
    {
        var problem = ServedSchema.Problem(Foreign()).ShouldNotBeNull();

        problem.ShouldStartWith("drops status.step, status.observedGeneration, ");
        problem.ShouldEndWith(" more");
    }

    [Theory]
    [InlineData("progressDeadlineSeconds", "drops spec.progressDeadlineSeconds")]
    [InlineData("analysis.metrics.items.thresholdRange.max", "drops spec.analysis.metrics[].thresholdRange.max")]
    [InlineData("analysis.alerts", "drops spec.analysis.alerts[].name, spec.analysis.alerts[].severity, spec.analysis.alerts[].providerRef.name")]
    public void Problem_SpecFieldThatIsNotKnown_IsNamed(string field, string expected)
    {
        var definition = Ours();
        var schema = Schema(definition, "spec");
        var path = field.Split('.');
        foreach (var key in path[..^1])
        {
            schema = (JsonObject)(key == "items" ? schema["items"]! : schema["properties"]![key]!);
        }

        schema["properties"]!.AsObject().Remove(path[^1]).ShouldBeTrue();
        ServedSchema.Problem(definition).ShouldBe(expected);
    }

    [Fact]
    public void Problem_DefinitionThatCannotServeUs_IsToldOf()
    {
        var definition = Ours();
        Version(definition)["served"] = false;
        ServedSchema.Problem(definition).ShouldBe("does not serve v1beta1");

        definition = Ours();
        Version(definition)["subresources"]!.AsObject().Remove("status");
        ServedSchema.Problem(definition).ShouldBe("has no status subresource");
    }

    [Fact]
    public void Problem_DefinitionThatKeepsAnything_HasNone()
    {
        var definition = Foreign();
        definition["spec"]!["preserveUnknownFields"] = true;
        ServedSchema.Problem(definition).ShouldBeNull();

        definition = Foreign();
        Schema(definition, "status")["additionalProperties"] = true;
        ServedSchema.Problem(definition).ShouldBeNull();
    }

    [Fact]
    public async Task DefinitionThatIsAppliedOverOurs_HoldsTheRun_AndItGoesOnWhenOursIsBack()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Put(Kinds.CustomResourceDefinition, Ours());
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var run = world.Status.RunId;
        world.Cluster.Put(Kinds.CustomResourceDefinition, Foreign());
        world.Clock.Advance(TimeSpan.FromSeconds(15));

        for (var i = 0; i < 10; i++)
        {
            await world.DeliverNextAsync();
        }

        (world.Status.CanaryWeight, world.RoutedToCanary).ShouldBe((20, 20), "nothing may move while the memory would not hold");
        var held = world.Status.Condition(Condition.Accepted)!;
        (held.Status, held.Reason).ShouldBe((Condition.False, Reasons.SchemaPrunesStatus));
        held.Message.ShouldStartWith("canary podinfo.test: the served CustomResourceDefinition canaries.flagger.app drops status.step, ");
        held.Message.ShouldEndWith("apply ours again (infra/crds/canaries.yaml). Releases are held until then.");
        world.Events.ShouldContain(held.Message);

        world.Cluster.Put(Kinds.CustomResourceDefinition, Ours());
        await world.RunAsync();
        (world.Status.Phase, world.Status.RunId).ShouldBe((CanaryPhase.Succeeded, run), "no write has lost anything");
        world.Status.Condition(Condition.Accepted)!.Status.ShouldBe(Condition.True);
    }

    [Fact]
    public async Task DefinitionThatIsWrongFromTheStart_HoldsTheBootstrap()
    {
        var world = new World();
        world.Cluster.Put(Kinds.CustomResourceDefinition, Foreign());
        await world.SweepAsync();
        await world.DeliverNextAsync();

        world.Status.Condition(Condition.Accepted)!.Reason.ShouldBe(Reasons.SchemaPrunesStatus);
        world.Cluster.Peek(World.PrimaryRef).ShouldBeNull();

        world.Cluster.Put(Kinds.CustomResourceDefinition, Ours());
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.SweepAsync();
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized, "the sweep came back to it");
    }

    [Fact]
    public async Task CanaryThatIsDeleted_GoesWhateverIsServed()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Put(Kinds.CustomResourceDefinition, Foreign());
        world.Clock.Advance(TimeSpan.FromSeconds(15));

        await world.Cluster.DeleteAsync(World.CanaryRef, new(), CancellationToken.None);
        world.Hint();
        await world.RunAsync();

        world.Cluster.Peek(World.CanaryRef).ShouldBeNull();
    }

    [Fact]
    public async Task Definition_IsReadOnceInAWhile_AndNotForEachStep()
    {
        var world = new World();
        world.Cluster.Put(Kinds.CustomResourceDefinition, Ours());
        await world.InitializedAsync();
        var start = world.Clock.GetUtcNow();
        var before = world.Cluster.Requests.Count;
        world.SetImage("podinfo:2");
        await world.RunAsync();

        var looks = world.Cluster.Requests.Skip(before).Count(r => r.Contains("customresourcedefinition", StringComparison.OrdinalIgnoreCase));
        looks.ShouldBeInRange(1, 1 + (int)((world.Clock.GetUtcNow() - start) / TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Sweep_ComesBackToWhatIsHeld()
    {
        var canary = World.CanaryObject();
        canary["status"] = World.Parse("""{"phase":"Progressing","conditions":[{"type":"Accepted","status":"False","reason":"SchemaPrunesStatus","message":"m"}]}""");

        SweepPlanner.Find([canary], [], SweepShare.Whole, DateTimeOffset.UnixEpoch).ShouldHaveSingleItem().Why.ShouldBe("held until its definition is repaired");
    }

    private static JsonObject Ours() => (JsonObject)YamlText.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "crds", "canaries.yaml")))!;

    // As another controller's CRD has it: the contract's status fields and no others.
    private static JsonObject Foreign()
    {
        var definition = Ours();
        Schema(definition, "status").Remove("x-kubernetes-preserve-unknown-fields");
        return definition;
    }

    private static JsonObject Version(JsonObject definition)
    {
        definition.Name().ShouldBe(Name);
        return (JsonObject)definition.ListAt("spec", "versions").Single(v => v.Text("name") == "v1beta1");
    }

    private static JsonObject Schema(JsonObject definition, string section) => Version(definition).ObjectAt("schema", "openAPIV3Schema", "properties", section)!;
}
