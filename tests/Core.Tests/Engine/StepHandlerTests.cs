using System.Text.Json;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>What a step's message comes to: copies for what passes, one chain of messages a run, and a second look at what is not stored yet.</summary>
public sealed class StepHandlerTests
{
    [Fact]
    public async Task TransientErrors_AreAnsweredByCopies_LaterEachTime_AndNoFailure()
    {
        var world = new World();
        world.Cluster.BeforeRead = _ => throw new ClusterException(503, "", "away");
        world.Hint();
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            await world.DeliverNextAsync();
            var copy = world.Queue.Waiting.ShouldHaveSingleItem();
            waits.Add((copy.NotBefore!.Value - world.Clock.GetUtcNow()).TotalSeconds);
        }

        waits.ShouldBe([1, 2, 4, 8, 16, 30, 30]);
        world.Cluster.BeforeRead = null;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
    }

    [Fact]
    public async Task QueueThatIsDownToo_FailsTheMessage()
    {
        var world = new World();
        world.Hint();
        world.Cluster.BeforeRead = _ => throw new ClusterException(503, "", "away");
        world.Queue.BeforeEnqueue = _ => throw new CrashException();

        await Should.ThrowAsync<CrashException>(() => world.HandleAsync(world.Queue.TakeNext()!, 1));
    }

    [Fact]
    public async Task WriteThatIsRefusedForGood_IsSaidOnTheCanary_AndTriedAgainAMinuteLater()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.BeforeWrite = what => what == "patch deployment podinfo.test" ? throw new ClusterException(403, "Forbidden", "deployments.apps \"podinfo\" is forbidden") : Task.CompletedTask;
        world.SetImage("podinfo:2");
        await world.DeliverNextAsync();

        world.Events[^1].ShouldBe("deployments.apps \"podinfo\" is forbidden");
        (world.Queue.Waiting.Single(m => m.Queue == QueueNames.Steps).NotBefore - world.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(60));
        world.Cluster.BeforeWrite = null;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task HintThatIsFasterThanItsWrite_LooksAgainShortly()
    {
        var world = await new World().InitializedAsync();
        var stored = world.Cluster.Peek(World.TargetRef)!;
        stored.ListAt("spec", "template", "spec", "containers").First()["image"] = "podinfo:2";
        var hint = new StepMessage("test", "podinfo", StepCauses.Admission)
        {
            TargetHash = TemplateHash.Of(stored.At("spec", "template")),
            TargetGeneration = stored.Generation() + 1,
        };
        await world.Queue.EnqueueAsync(hint.ToMessage("hint"), default);
        await world.DeliverNextAsync();
        var again = world.Queue.Waiting.ShouldHaveSingleItem();
        (again.NotBefore - world.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromMilliseconds(25));

        world.Cluster.Change(World.TargetRef, d => d["spec"] = stored["spec"]!.DeepClone());
        await world.RunAsync();
        world.PrimaryImage.ShouldBe("podinfo:2");
    }

    [Fact]
    public async Task HintThatIsFasterThanTheCanarysOwnStorage_LooksAgainShortly()
    {
        var world = new World();
        var canary = world.Cluster.Peek(World.CanaryRef)!;
        world.Cluster.Remove(World.CanaryRef);
        await world.Queue.EnqueueAsync(new StepMessage("test", "podinfo", StepCauses.Admission).ToMessage("hint"), default);
        await world.DeliverNextAsync();
        var again = world.Queue.Waiting.ShouldHaveSingleItem();
        (again.NotBefore - world.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromMilliseconds(25));

        world.Cluster.Put(Kinds.Canary, canary);
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Initialized);
    }

    [Fact]
    public async Task HintThatIsFasterThanTheCanarysEdit_LooksAgainShortly()
    {
        var world = await new World().InitializedAsync();
        var hint = new StepMessage("test", "podinfo", StepCauses.Admission) { CanaryGeneration = world.Canary.Generation + 1 };
        await world.Queue.EnqueueAsync(hint.ToMessage("hint"), default);
        await world.DeliverNextAsync();
        var again = world.Queue.Waiting.ShouldHaveSingleItem();
        (again.NotBefore - world.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromMilliseconds(25));

        world.EditCanary(spec => spec["suspend"] = true);
        await world.RunAsync();

        world.Status.ObservedGeneration.ShouldBe(world.Canary.Generation);
    }

    [Fact]
    public async Task AnnouncedChangeThatNeverComes_IsLookedForABoundedNumberOfTimes()
    {
        var world = await new World().InitializedAsync();
        var message = new StepMessage("test", "podinfo", StepCauses.Admission) { TargetHash = "cf1-other", TargetGeneration = 99 };
        await world.Queue.EnqueueAsync(message.ToMessage("hint"), default);
        var looks = 0;
        var began = world.Clock.GetUtcNow();
        while (await world.DeliverNextAsync())
        {
            looks++;
        }

        looks.ShouldBe(9);
        (world.Clock.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task HintsAndSweepsDuringARun_MakeNoSecondChain()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var step = world.Status.Step;
        for (var i = 0; i < 5; i++)
        {
            await world.HandleAsync(new StepMessage("test", "podinfo", StepCauses.Sweep).ToMessage($"hint-{i}"), 1);
        }

        world.Status.Step.ShouldBe(step);
        world.Queue.Waiting.Count(m => m.Queue == QueueNames.Steps).ShouldBe(1);
    }

    [Fact]
    public async Task RedeliveryWhoseSuccessorWasLost_SendsItAgain()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var successor = world.Queue.Waiting.Single(m => m.Queue == QueueNames.Steps);
        world.Queue.Lose(successor);
        await world.HandleAsync(successor with { NotBefore = null }, 2);

        world.Queue.Waiting.ShouldHaveSingleItem().ShouldBe(successor);
    }

    [Fact]
    public async Task RaceLostBehindTheStatusWrite_StillSendsTheSuccessor()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);

        // A delivery is recorded between the step's status and the clearing of its outbox.
        var isDone = false;
        world.Cluster.BeforeWrite = what =>
        {
            if (!isDone && what.StartsWith("replace status", StringComparison.Ordinal) && world.Status is { CanaryWeight: 30, Outbox.Count: > 0 })
            {
                isDone = true;
                world.Cluster.Change(World.CanaryRef, c => c["status"]!["deliveries"] = new System.Text.Json.Nodes.JsonArray("other"));
            }

            return Task.CompletedTask;
        };
        await world.RunAsync();

        isDone.ShouldBeTrue();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.CountOf("Advance podinfo.test canary weight 30").ShouldBe(1);
    }

    [Fact]
    public void Message_KeepsItsEvidence_AndReadsWhatIsNewer()
    {
        var message = new StepMessage("test", "podinfo", StepCauses.Admission) { TargetHash = "cf1-a", TargetGeneration = 7, User = "jane", Looks = 2 };

        JsonSerializer.Deserialize(message.ToMessage("x").Body, MessageJson.Default.StepMessage).ShouldBe(message);
        JsonSerializer.Deserialize("""{"namespace":"a","name":"b","cause":"sweep","added":"later"}""", MessageJson.Default.StepMessage)!.Key.ToString().ShouldBe("b.a");
    }
}
