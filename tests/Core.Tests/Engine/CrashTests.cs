using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The process dies before or after every single write of a release, and the message comes again: nobody can tell by the outcome.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CrashAtEveryWriteOfARelease_ChangesNothingInTheOutcome(bool isGood)
    {
        var (calm, writes, _) = await ReleaseAsync(isGood, crashAt: -1, afterIt: false);
        writes.ShouldBeGreaterThan(40);

        for (var at = 0; at < writes; at++)
        {
            foreach (var afterIt in new[] { false, true })
            {
                var (crashed, _, isDelivery) = await ReleaseAsync(isGood, at, afterIt);
                Outcome.ShouldMatch(crashed, calm, $"killed {(afterIt ? "after" : "before")} write {at} of {writes}", mayRepeatAlert: isDelivery && !afterIt);
            }
        }
    }

    [Fact]
    public async Task QueueThatDiesWithTheProcess_CostsNobodyHisMessage()
    {
        var (calm, writes, _) = await ReleaseAsync(isGood: true, crashAt: -1, afterIt: false);
        for (var at = 0; at < writes; at++)
        {
            foreach (var afterIt in new[] { false, true })
            {
                var (crashed, _, isDelivery) = await ReleaseAsync(isGood: true, at, afterIt, outlives: false);
                Outcome.ShouldMatch(crashed, calm, $"killed with its queue {(afterIt ? "after" : "before")} write {at} of {writes}", withWaits: false, mayRepeatAlert: isDelivery);
            }
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(503, false)]
    public async Task ClusterThatFailsAtEveryWrite_OnlyTakesTime(int status, bool afterIt)
    {
        var (calm, writes, _) = await ReleaseAsync(isGood: true, crashAt: -1, afterIt: false);
        for (var at = 0; at < writes; at++)
        {
            var (failed, _, isDelivery) = await ReleaseAsync(isGood: true, at, afterIt, () => new ClusterException(status, "", "the server is away"));
            Outcome.ShouldMatch(failed, calm, $"status {status} {(afterIt ? "after" : "before")} write {at}", withWaits: false, mayRepeatAlert: isDelivery && !afterIt);
        }
    }

    [Fact]
    public async Task ReadThatFails_ChangesNothing()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var before = Outcome.Of(world);
        var writes = 0;
        world.Cluster.BeforeWrite = _ =>
        {
            writes++;
            return Task.CompletedTask;
        };
        var reads = 0;
        world.Cluster.BeforeRead = _ => throw new ClusterException(++reads % 2 == 0 ? 500 : 0, "", "cannot read");
        for (var i = 0; i < 10; i++)
        {
            await world.DeliverNextAsync();
        }

        writes.ShouldBe(0);
        Outcome.Of(world).ShouldBe(before);
        world.Cluster.BeforeRead = null;
        await world.RunAsync();
        world.PrimaryImage.ShouldBe("podinfo:2");
    }

    private static async Task<(string Outcome, int Writes, bool IsDelivery)> ReleaseAsync(bool isGood, int crashAt, bool afterIt, Func<Exception>? error = null, bool outlives = true)
    {
        var world = new World();
        world.Queue.OutlivesProcess = outlives;
        if (!isGood)
        {
            world.Metrics.Answer = query => new MetricSample.Value(query.Query.StartsWith("success", StringComparison.Ordinal) && world.Status.CanaryWeight >= 20 ? 50 : 100);
        }

        await world.InitializedAsync();
        var (writes, isDelivery) = (0, false);
        Task Before() => writes++ == crashAt && !afterIt ? Crash() : Task.CompletedTask;
        Task After() => writes - 1 == crashAt && afterIt ? Crash() : Task.CompletedTask;
        Task Crash()
        {
            isDelivery = world.Handling == QueueNames.Deliveries;
            throw error?.Invoke() ?? new CrashException();
        }

        world.SetImage("podinfo:2");
        world.Cluster.BeforeWrite = _ => Before();
        world.Cluster.AfterWrite = _ => After();
        world.Queue.BeforeEnqueue = _ => Before();
        world.Queue.AfterEnqueue = _ => After();
        await world.RunAsync();
        return (Outcome.Of(world), writes, isDelivery);
    }
}
