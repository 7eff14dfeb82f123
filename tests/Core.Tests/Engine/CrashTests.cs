using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Objects;
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
        var (calm, writes) = await ReleaseAsync(isGood, crashAt: -1, afterIt: false);
        writes.ShouldBeGreaterThan(40);

        for (var at = 0; at < writes; at++)
        {
            foreach (var afterIt in new[] { false, true })
            {
                var (crashed, _) = await ReleaseAsync(isGood, at, afterIt);
                LinesOf(crashed).Except(LinesOf(calm)).Concat(LinesOf(calm).Except(LinesOf(crashed))).ShouldBeEmpty($"killed {(afterIt ? "after" : "before")} write {at} of {writes}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public async Task ClusterThatFailsAtEveryWrite_OnlyTakesTime(int status)
    {
        var (calm, writes) = await ReleaseAsync(isGood: true, crashAt: -1, afterIt: false);
        for (var at = 0; at < writes; at++)
        {
            var (failed, _) = await ReleaseAsync(isGood: true, at, afterIt: false, () => new ClusterException(status, "", "the server is away"));
            var (others, ours) = (LinesOf(failed).Where(IsNoWait), LinesOf(calm).Where(IsNoWait));
            others.Except(ours).Concat(ours.Except(others)).ShouldBeEmpty($"status {status} at write {at}");
        }
    }

    [Fact]
    public async Task ReadThatFails_ChangesNothing()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var before = Outcome(world);
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
        Outcome(world).ShouldBe(before);
        world.Cluster.BeforeRead = null;
        await world.RunAsync();
        world.PrimaryImage.ShouldBe("podinfo:2");
    }

    private static async Task<(string Outcome, int Writes)> ReleaseAsync(bool isGood, int crashAt, bool afterIt, Func<Exception>? error = null)
    {
        var world = new World();
        if (!isGood)
        {
            world.Metrics.Answer = query => new MetricSample.Value(query.Query.StartsWith("success", StringComparison.Ordinal) && world.Status.CanaryWeight >= 20 ? 50 : 100);
        }

        await world.InitializedAsync();
        var writes = 0;
        Task Before() => writes++ == crashAt && !afterIt ? throw error?.Invoke() ?? new CrashException() : Task.CompletedTask;
        Task After() => writes - 1 == crashAt && afterIt ? throw error?.Invoke() ?? new CrashException() : Task.CompletedTask;
        world.SetImage("podinfo:2");
        world.Cluster.BeforeWrite = _ => Before();
        world.Cluster.AfterWrite = _ => After();
        world.Queue.BeforeEnqueue = _ => Before();
        world.Queue.AfterEnqueue = _ => After();
        await world.RunAsync();
        return (Outcome(world), writes);
    }

    // How often pods were found unready depends on when one looks.
    private static bool IsNoWait(string line) => !line.Contains("not ready: ", StringComparison.Ordinal);

    private static string[] LinesOf(string text) => text.Split('\n');

    private static string Outcome(World world)
    {
        var status = world.Status;
        var objects = new[] { Kinds.Deployment, Kinds.Service, FakeRouter.Route }
            .SelectMany(world.Cluster.PeekAll)
            .OrderBy(o => o.Text("kind") + o.Name(), StringComparer.Ordinal)
            .Select(o => $"{o.Text("kind")} {o.Name()} {WithoutRunId(o["spec"])}");
        return string.Join('\n',
        [
            $"{status.Phase} weight {status.CanaryWeight} failed {status.FailedChecks} routed {world.RoutedToCanary} outbox {status.Outbox.Count}",
            .. objects,
            .. world.Events,
            .. world.Cluster.PeekAll(Kinds.Event).Select(e => $"{e.Integer("count")} x {e.Text("message")}").Order(StringComparer.Ordinal),
            .. world.Alerts,
        ]);
    }

    // The run id has the run's start in it, which a crash puts off by a moment.
    private static string WithoutRunId(JsonNode? spec)
    {
        var copy = (JsonObject)spec!.DeepClone();
        copy.ObjectAt("template", "metadata", "annotations")?.Remove("flagger-id");
        return copy.ToJsonString();
    }
}
