using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Delivering;

public sealed class StatusEditsTests
{
    private static readonly ObjectRef Reference = new(Kinds.Canary, "test", "podinfo");

    private readonly FakeCluster _cluster = new(new FakeClock());
    private readonly StatusEdits _edits;

    public StatusEditsTests()
    {
        _edits = new(_cluster);
        _cluster.Put(Kinds.Canary, Engine.World.CanaryObject());
    }

    private IReadOnlyList<string> Told => Canary.From(_cluster.Peek(Reference)!).Status.Deliveries;

    private IEnumerable<string> Reads => _cluster.Requests.Where(r => r.StartsWith("get", StringComparison.Ordinal));

    private IEnumerable<string> Writes => _cluster.Requests.Except(Reads);

    [Fact]
    public async Task EditsThatComeDuringAWrite_AreTheNextOne()
    {
        var gate = new TaskCompletionSource();
        _cluster.BeforeWrite = _ => gate.Task;
        var all = new[] { Tell("a"), Tell("b"), Tell("c") };

        gate.SetResult();
        await Task.WhenAll(all);

        Told.ShouldBe(["a", "b", "c"]);
        _cluster.Requests.Count(r => r.StartsWith("replace", StringComparison.Ordinal)).ShouldBe(2);
        (await all[1]).ShouldNotBeNull().Status.Deliveries.ShouldBe(["a", "b", "c"], "each gets what was written");
    }

    [Fact]
    public async Task StepInBetween_IsReadAndKept()
    {
        _cluster.BeforeWrite = _ =>
        {
            _cluster.BeforeWrite = null;
            _cluster.Change(Reference, c => c["status"] = new JsonObject { ["canaryWeight"] = 30 });
            return Task.CompletedTask;
        };

        var written = await Tell("a");

        written!.Status.CanaryWeight.ShouldBe(30);
        Told.ShouldBe(["a"]);
    }

    [Fact]
    public async Task KnownCanary_IsNotReadAgain_UnlessItIsOld()
    {
        var known = await Tell("a");
        _cluster.Requests.Clear();

        await Tell("b", known);
        Reads.ShouldBeEmpty();
        await Tell("c", known);

        Reads.Count().ShouldBe(1);
        Told.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task EditThatFails_IsItsAskersProblemOnly()
    {
        var gate = new TaskCompletionSource();
        _cluster.BeforeWrite = _ => gate.Task;
        var first = Tell("a");
        var bad = _edits.ApplyAsync(Reference, _ => throw new InvalidOperationException("bad edit"));
        var good = Tell("b");

        gate.SetResult();

        await first;
        await good;
        (await Should.ThrowAsync<InvalidOperationException>(() => bad)).Message.ShouldBe("bad edit");
        Told.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task NothingToChange_WritesNothing()
    {
        (await _edits.ApplyAsync(Reference, _ => null)).ShouldNotBeNull();

        Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task CanaryThatIsDeleted_EvenDuringTheWrite_IsNull()
    {
        _cluster.BeforeWrite = _ =>
        {
            _cluster.Remove(Reference);
            return Task.CompletedTask;
        };

        (await Tell("a")).ShouldBeNull();
        (await Tell("b")).ShouldBeNull();
    }

    [Fact]
    public async Task ClusterThatFails_FailsAllWhoWait_AndNobodyAfterwards()
    {
        _cluster.BeforeWrite = _ => throw new ClusterException(500, "InternalError", "etcd is away");
        await Should.ThrowAsync<ClusterException>(() => Tell("a"));

        _cluster.BeforeWrite = null;
        await Tell("b");

        Told.ShouldBe(["b"]);
    }

    private Task<Canary?> Tell(string id, Canary? known = null)
        => _edits.ApplyAsync(Reference, canary => canary.Status with { Deliveries = [.. canary.Status.Deliveries, id] }, known);
}
