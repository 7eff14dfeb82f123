using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>One queue can serve several clusters, because every message says which one it is about.</summary>
public sealed class ClusterNameTests
{
    [Fact]
    public async Task EveryMessage_CarriesTheClustersName()
    {
        var sent = await ReleaseAsync(o => o.ClusterName = "east");

        var names = sent.Select(m => (m.Queue, Cluster: ClusterOf(m))).ToList();
        names.Select(n => n.Queue).Distinct().Order(StringComparer.Ordinal).ShouldBe([QueueNames.Deliveries, QueueNames.Notices, QueueNames.Steps]);
        names.Where(n => n.Cluster != "east").ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutAName_NoMessageHasOne()
        => (await ReleaseAsync(_ => { })).Where(m => m.Body.Contains("\"cluster\"", StringComparison.Ordinal)).ShouldBeEmpty();

    // Begun by a sweep, with a step that has to be put off.
    private static async Task<IReadOnlyList<QueueMessage>> ReleaseAsync(Action<CanaryOptions> options)
    {
        var world = new World(options: options);
        var sent = new List<QueueMessage>();
        world.Queue.AfterEnqueue = message =>
        {
            sent.Add(message);
            return Task.CompletedTask;
        };
        await world.SweepAsync();
        await world.RunAsync();
        world.Cluster.Change(World.TargetRef, d => d.ListAt("spec", "template", "spec", "containers").First()["image"] = "podinfo:2");
        await world.SweepAsync();
        var failures = 0;
        world.Cluster.BeforeWrite = _ => failures++ == 0 ? throw new ClusterException(503, "ServiceUnavailable", "away") : Task.CompletedTask;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.Alerts.Count.ShouldBe(3);
        failures.ShouldBeGreaterThan(1);
        return sent;
    }

    private static string? ClusterOf(QueueMessage message)
    {
        var body = JsonNode.Parse(message.Body);
        return message.Queue == QueueNames.Deliveries ? body.Text("notice", "cluster") : body.Text("cluster");
    }
}
