using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Two workers have the same message. One stands still before or after one of its writes until the other is three steps further: nobody can tell by the outcome.</summary>
public sealed class StalledWorkerTests
{
    private const int Lead = 3;

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 2)]
    [InlineData(false, false, 2)]
    [InlineData(false, true, 1)]
    public async Task WorkerStalledAtAnyOfItsWrites_TurnsNothingBack(bool isGood, bool afterIt, int othersDelivery)
    {
        var calm = await ReleaseAsync(isGood, stallAt: -1, afterIt, othersDelivery);
        calm.Writes.ShouldBeGreaterThan(40);
        calm.Routes.ShouldBe(isGood ? [10, 20, 30, 40, 50, 0] : [10, 20, 0]);

        foreach (var at in afterIt ? calm.Done : Enumerable.Range(0, calm.Writes))
        {
            var stalled = await ReleaseAsync(isGood, at, afterIt, othersDelivery);
            var why = $"stalled {(afterIt ? "after" : "before")} write {at} of {calm.Writes}";
            stalled.Stalls.ShouldBe(1, why);
            stalled.Routes.ShouldBe(calm.Routes, why);
            Outcome.ShouldMatch(stalled.Outcome, calm.Outcome, why, withWaits: false, stalled.IsDelivery && !afterIt);
        }
    }

    [Fact]
    public async Task AnswerThatComesLate_IsNotActedOn_WhenAnotherWorkerDecidedOtherwise()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var message = world.Queue.TakeNext()!;
        world.Clock.SetUtcNow(message.NotBefore!.Value);
        var gate = new TaskCompletionSource();
        world.Metrics.Delay = gate.Task;
        var late = world.HandleAsync(message, delivery: 1);
        late.IsCompleted.ShouldBeFalse("it heard that all is well, and is held up before it can say so");

        world.Metrics.Delay = null;
        world.Metrics.Answer = _ => new MetricSample.Value(50);
        await world.HandleAsync(message, delivery: 2);
        gate.SetResult();
        await late;

        (world.Status.FailedChecks, world.Status.CanaryWeight, world.RoutedToCanary).ShouldBe((1, 20, 20));
        world.Queue.Waiting.Count(m => m.Queue == QueueNames.Steps).ShouldBe(1);
    }

    [Fact]
    public async Task EveryMessageDeliveredTwice_AndAgainAtTheEnd_ChangesNothing()
    {
        var calm = await ReleaseAsync(isGood: true, stallAt: -1, afterIt: false, 1);
        var world = await new World().InitializedAsync();
        var old = new List<QueueMessage>();
        world.SetImage("podinfo:2");
        while (world.Queue.TakeNext() is { } message)
        {
            await world.DeliverAsync(message);
            await world.HandleAsync(message, delivery: 2);
            old.Add(message);
        }

        old.Count.ShouldBeGreaterThan(12);
        foreach (var message in old.AsEnumerable().Reverse().Concat(old))
        {
            await world.HandleAsync(message, delivery: 1);
            await world.RunAsync();
        }

        Outcome.ShouldMatch(Outcome.Of(world), calm.Outcome, "every message three times over");
    }

    [Fact]
    public async Task NoticesThatComeLastAndInReverse_TellEverybodyOnce()
    {
        var calm = await ReleaseAsync(isGood: true, stallAt: -1, afterIt: false, 1);
        var world = await new World().InitializedAsync();
        var late = new Stack<QueueMessage>();
        world.SetImage("podinfo:2");
        while (world.Queue.TakeNext() is { } message)
        {
            if (message.Queue == QueueNames.Steps)
            {
                await world.DeliverAsync(message);
            }
            else
            {
                late.Push(message);
            }
        }

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        while (late.TryPop(out var message))
        {
            await world.DeliverAsync(message);
            await world.RunAsync();
            await world.HandleAsync(message, delivery: 2);
        }

        world.Alerts.Order().ShouldBe(calm.Alerts.Order());
    }

    private static async Task<Release> ReleaseAsync(bool isGood, int stallAt, bool afterIt, int othersDelivery)
    {
        var world = new World();
        if (!isGood)
        {
            world.Metrics.Answer = query => new MetricSample.Value(query.Query.StartsWith("success", StringComparison.Ordinal) && world.Status.CanaryWeight >= 20 ? 50 : 100);
        }

        await world.InitializedAsync();
        var release = new Release(stallAt, afterIt);
        world.SetImage("podinfo:2");
        release.Watch(world);
        while (world.Queue.TakeNext() is { } message)
        {
            await release.DeliverAsync(message, othersDelivery);
        }

        release.End();
        return release;
    }

    /// <summary>One release in which the worker that makes a certain write is held up there.</summary>
    private sealed class Release(int stallAt, bool afterIt)
    {
        private readonly TaskCompletionSource _gate = new();
        private World _world = null!;

        internal int Writes { get; private set; }

        /// <summary>Numbers of the writes that were not refused: what was said before is created in vain.</summary>
        internal List<int> Done { get; } = [];

        internal int Stalls { get; private set; }

        internal bool IsDelivery { get; private set; }

        /// <summary>The canary's weights in the order in which the route showed them.</summary>
        internal List<int> Routes { get; } = [];

        internal string Outcome { get; private set; } = "";

        internal IReadOnlyList<string> Alerts { get; private set; } = [];

        internal void Watch(World world)
        {
            _world = world;
            world.Cluster.BeforeWrite = _ => Before();
            world.Cluster.AfterWrite = what =>
            {
                if (what.EndsWith("route podinfo.test", StringComparison.Ordinal))
                {
                    Routes.Add(world.RoutedToCanary);
                }

                return After();
            };
            world.Queue.BeforeEnqueue = _ => Before();
            world.Queue.AfterEnqueue = _ => After();
        }

        internal async Task DeliverAsync(QueueMessage message, int othersDelivery)
        {
            if (message.NotBefore > _world.Clock.GetUtcNow())
            {
                _world.Clock.SetUtcNow(message.NotBefore.Value);
            }

            _world.MovePods();
            var worker = _world.HandleAsync(message, delivery: 1);
            if (!worker.IsCompleted)
            {
                await LetTheOtherGoOnAsync(message, othersDelivery);
                _gate.SetResult();
            }

            await worker;
        }

        internal void End()
        {
            Outcome = Engine.Outcome.Of(_world);
            Alerts = _world.Alerts;
        }

        private async Task LetTheOtherGoOnAsync(QueueMessage message, int delivery)
        {
            var goal = _world.Status.Step + Lead;
            _world.HandOn();
            await _world.HandleAsync(message, delivery);
            while (_world.Status.Step < goal && await _world.DeliverNextAsync())
            {
            }
        }

        private Task Before() => Writes++ == stallAt && !afterIt ? Hold() : Task.CompletedTask;

        private Task After()
        {
            Done.Add(Writes - 1);
            return Writes - 1 == stallAt && afterIt ? Hold() : Task.CompletedTask;
        }

        private Task Hold()
        {
            Stalls++;
            IsDelivery = _world.Handling == QueueNames.Deliveries;
            return _gate.Task;
        }
    }
}
