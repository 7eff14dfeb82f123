using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Applying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>One Event object a message and run; saying it again counts up, late or doubled sayings do not.</summary>
public sealed class EventRecorderTests
{
    [Fact]
    public async Task Message_SaidInLaterSteps_CountsUp_AndNeverTwiceForAStep()
    {
        var world = new World();
        var news = new HashSet<int> { 3, 5, 9 };
        foreach (var step in new[] { 3, 3, 5, 4, 5, 9 })
        {
            (await RecordAsync(world, Entry(step))).ShouldBe(news.Remove(step));
        }

        var recorded = world.Cluster.PeekAll(Kinds.Event).ShouldHaveSingleItem();
        recorded.Integer("count").ShouldBe(3, "steps 3, 5 and 9; the others came twice or late");
        (recorded.Text("type"), recorded.Text("reason"), recorded.Text("involvedObject", "name")).ShouldBe(("Warning", "MetricFailed", "podinfo"));
        (recorded.Text("firstTimestamp"), recorded.Text("lastTimestamp")).ShouldBe(("2026-11-21T10:00:03.000000Z", "2026-11-21T10:00:09.000000Z"));
    }

    [Fact]
    public async Task OtherMessageReasonOrRun_IsAnotherEvent()
    {
        var world = new World();
        await RecordAsync(world, Entry(3));
        await RecordAsync(world, Entry(3) with { Message = "other" });
        await RecordAsync(world, Entry(3) with { Reason = "Other" });
        world.Cluster.Change(World.CanaryRef, c => c["status"] = World.Parse("""{"runId":"another"}"""));
        await RecordAsync(world, Entry(3));

        world.Cluster.PeekAll(Kinds.Event).Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(422)]
    [InlineData(429)]
    public async Task Refusal_DoesNotHoldTheRelease(int status)
    {
        var world = new World();
        world.Cluster.BeforeWrite = what => what.Contains(" event ", StringComparison.Ordinal) ? throw new ClusterException(status, "Forbidden", "exceeded quota") : Task.CompletedTask;
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task ServerThatIsAway_IsAskedAgain_BecauseTheStoryMustNotHaveHoles()
    {
        var world = new World();
        world.Cluster.BeforeWrite = _ => throw new ClusterException(503, "", "away");

        await Should.ThrowAsync<ClusterException>(() => RecordAsync(world, Entry(3)));
    }

    [Fact]
    public async Task TwoThatCountAtOnce_LoseNothing()
    {
        var world = new World();
        await RecordAsync(world, Entry(3));
        var races = 0;
        world.Cluster.BeforeWrite = _ => races++ == 0 ? RecordAsync(world, Entry(4)) : Task.CompletedTask;
        await RecordAsync(world, Entry(5));

        world.Cluster.PeekAll(Kinds.Event).Single().Integer("count").ShouldBe(3);
    }

    private static Task<bool> RecordAsync(World world, OutboxEntry entry)
        => world.Services.GetRequiredService<EventRecorder>().RecordAsync(world.Canary, entry, CancellationToken.None);

    private static OutboxEntry Entry(int step) => new(step, 0, OutboxKind.Event, "Progressing")
    {
        IsWarning = true,
        Reason = "MetricFailed",
        Message = "bad",
        At = new(2026, 11, 21, 10, 0, step, TimeSpan.Zero),
    };
}
