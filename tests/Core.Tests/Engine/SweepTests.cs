using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Sweeping;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The sweep finds what no message told of, and costs an idle Canary nothing but its share of two lists.</summary>
public sealed class SweepTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly JsonObject Primary = World.Deployment("podinfo-primary", "podinfo:1");

    [Fact]
    public async Task IdleCanary_CostsOnlyTheListsOfTheSweep()
    {
        var world = await new World().InitializedAsync();
        var before = world.Cluster.Requests.Count;
        for (var i = 0; i < 5; i++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(30));
            await world.SweepAsync();
            await world.RunAsync();
        }

        world.Cluster.Requests.Skip(before).Distinct().ShouldBe(["list canaries", "list deployments (metadata)"]);
        world.Cluster.Requests.Count.ShouldBe(before + 10);
    }

    [Fact]
    public async Task RevisionThatNobodyToldOf_IsFound_AndReleased()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Change(World.TargetRef, d => d.ListAt("spec", "template", "spec", "containers").First()["image"] = "podinfo:2");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized, "nobody has looked");
        await world.SweepAsync();
        await world.RunAsync();

        world.PrimaryImage.ShouldBe("podinfo:2");
    }

    [Fact]
    public async Task LostSuccessor_IsReplaced()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        while (world.Queue.TakeNext() is not null)
        {
        }

        await world.SweepAsync();
        world.Queue.Waiting.ShouldBeEmpty("it is not late yet");
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        await world.SweepAsync();
        await world.SweepAsync();
        world.Queue.Waiting.Count.ShouldBe(1, "two sweeps in a row send one message");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task ClockThatIsSetBack_HoldsNothing()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        while (world.Queue.TakeNext() is not null)
        {
        }

        world.Clock.SetBack(TimeSpan.FromHours(1));
        await world.SweepAsync();
        await world.DeliverNextAsync();

        world.Status.CanaryWeight.ShouldBe(30);
        (world.Status.NextStepAt - world.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(10));
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task LostSuccessor_OfAReplicaThatIsGone_ComesOnTime()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var lost = new List<QueueMessage>();
        while (world.Queue.TakeNext() is { } message)
        {
            lost.Add(message);
            world.Queue.Lose(message);
        }

        await world.SweepAsync(SweepShare.Of("me", ["me"]).TakingOver());

        world.Queue.Waiting.ShouldHaveSingleItem().ShouldBe(lost.Single(m => m.Queue == QueueNames.Steps), "the same message, so that a queue which still has it drops this one");
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task CanaryOfAnotherReplica_IsLeftAlone()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Change(World.TargetRef, d => d.ListAt("spec", "template", "spec", "containers").First()["image"] = "podinfo:2");
        var mine = SweepShare.Of("a", ["a", "b"]);
        var (owner, other) = mine.Has(world.Canary.Uid) ? ("a", "b") : ("b", "a");

        await world.SweepAsync(SweepShare.Of(other, ["a", "b"]));
        world.Queue.Waiting.ShouldBeEmpty();
        await world.SweepAsync(SweepShare.Of(owner, ["a", "b"]));
        world.Queue.Waiting.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("{}", 1, "new")]
    [InlineData("""{"phase":"Succeeded","observedGeneration":1,"targetGeneration":3}""", 1, null)]
    [InlineData("""{"phase":"Succeeded","observedGeneration":1,"targetGeneration":2}""", 1, "target changed")]
    [InlineData("""{"phase":"Succeeded","observedGeneration":1,"targetGeneration":3}""", 2, "edited")]
    [InlineData("""{"phase":"Succeeded","observedGeneration":1,"targetGeneration":3,"outbox":[{"kind":"Event"}]}""", 1, "has not told everything")]
    [InlineData("""{"phase":"Progressing","observedGeneration":1,"nextStepAt":"2026-11-21T09:59:54Z"}""", 1, "overdue")]
    [InlineData("""{"phase":"Progressing","observedGeneration":1,"nextStepAt":"2026-11-21T09:59:57Z"}""", 1, null)]
    [InlineData("""{"phase":"Progressing","observedGeneration":1}""", 1, "stuck")]
    [InlineData("""{"observedGeneration":1,"conditions":[{"type":"Accepted","status":"False","reason":"InvalidSpec"}]}""", 1, null)]
    [InlineData("""{"observedGeneration":1,"nextStepAt":"2026-11-21T09:59:00Z","conditions":[{"type":"Accepted","status":"False","reason":"ReferenceMissing"}]}""", 1, "overdue")]
    [InlineData("""{"observedGeneration":1,"nextStepAt":"2026-11-21T10:00:20Z","conditions":[{"type":"Accepted","status":"False","reason":"ReferenceMissing"}]}""", 1, null)]
    public void Find_SaysWhyAnyoneHasToLook(string status, long generation, string? why)
    {
        var canary = World.CanaryObject();
        canary["status"] = World.Parse(status);
        canary.Metadata()["generation"] = generation;
        var target = World.Deployment("podinfo", "podinfo:1");
        target.Metadata()["generation"] = 3;

        SweepPlanner.Find([canary], [target, Primary], SweepShare.Whole, Now).Select(f => f.Why).ShouldBe(why is null ? [] : [why]);
    }

    [Theory]
    [InlineData("""{"phase":"Succeeded"}""", true)]
    [InlineData("""{"phase":"Failed","lastAppliedSpec":"cf1-b","lastPromotedSpec":"cf1-a"}""", true)]
    [InlineData("""{"phase":"Failed","canaryWeight":100,"lastAppliedSpec":"cf1-b","lastPromotedSpec":"cf1-a"}""", false)]
    [InlineData("""{"phase":"Progressing","nextStepAt":"2026-11-21T10:00:05Z"}""", false)]
    public void Find_PrimaryThatIsGone(string status, bool isFound)
    {
        var canary = World.CanaryObject();
        canary["status"] = World.Parse(status);
        canary["status"]!["targetGeneration"] = 1;
        var target = World.Deployment("podinfo", "podinfo:1");
        target.Metadata()["generation"] = 1;

        SweepPlanner.Find([canary], [target], SweepShare.Whole, Now).Select(f => f.Why).ShouldBe(isFound ? ["without its primary"] : []);
        SweepPlanner.Find([canary], [target, Primary], SweepShare.Whole, Now).ShouldBeEmpty();
        SweepPlanner.Find([canary], [], SweepShare.Whole, Now).ShouldBeEmpty("without a target there is nothing to make it of");
    }

    [Fact]
    public async Task PrimaryThatIsDeletedAtRest_IsMadeAgain()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Remove(World.PrimaryRef);

        await world.SweepAsync();
        await world.RunAsync();

        world.PrimaryImage.ShouldBe("podinfo:1");
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
    }

    [Fact]
    public void Find_SuspendedOrGoing()
    {
        var suspended = World.CanaryObject();
        suspended["status"] = World.Parse("""{"phase":"Succeeded","targetGeneration":1}""");
        suspended["spec"]!["suspend"] = true;
        var going = World.CanaryObject();
        going.Metadata()["deletionTimestamp"] = "2026-11-21T09:59:00Z";
        going["status"] = World.Parse("""{"phase":"Succeeded","targetGeneration":3}""");
        var target = World.Deployment("podinfo", "podinfo:1");
        target.Metadata()["generation"] = 3;

        SweepPlanner.Find([suspended], [target, Primary], SweepShare.Whole, Now).ShouldBeEmpty();
        SweepPlanner.Find([going], [target], SweepShare.Whole, Now).Single().Why.ShouldBe("being deleted");
    }

    [Fact]
    public async Task NoCanaries_NoSecondList()
    {
        var world = new World();
        world.Cluster.Remove(World.CanaryRef);
        await world.SweepAsync();

        world.Cluster.Requests.ShouldBe(["list canaries"]);
    }
}
