using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Platform.Tests.Queues;

public sealed class InProcessQueueTests : IDisposable
{
    private const string Steps = QueueNames.Steps;

    private readonly FakeClock _clock = new();
    private readonly InProcessQueue _queue;

    public InProcessQueueTests() => _queue = new InProcessQueue(_clock, new InProcessQueueOptions { MaxDeliveries = 3 });

    public void Dispose() => _queue.Dispose();

    private Task EnqueueAsync(string id, TimeSpan? delay = null, string queue = Steps)
        => _queue.EnqueueAsync(new QueueMessage(queue, id, $"body of {id}", delay is null ? null : _clock.GetUtcNow() + delay), default);

    private Task<Lease> ReceiveAsync(string queue = Steps) => _queue.ReceiveAsync(queue, default);

    /// <summary>What is due now, in order, each settled at once.</summary>
    private async Task<List<string>> DrainAsync()
    {
        var ids = new List<string>();
        while (_queue.Depth(Steps).Ready > 0)
        {
            var lease = await ReceiveAsync();
            await lease.CompleteAsync();
            ids.Add(lease.Message.Id);
        }

        return ids;
    }

    [Fact]
    public async Task Receive_MessagesWait_ComeInOrder()
    {
        await EnqueueAsync("a");
        await EnqueueAsync("b");

        (await DrainAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Receive_NothingThere_WaitsForTheNext()
    {
        var receiving = ReceiveAsync();
        receiving.IsCompleted.ShouldBeFalse();

        await EnqueueAsync("a");

        var lease = await receiving;
        (lease.Message.Body, lease.DeliveryCount).ShouldBe(("body of a", 1));
    }

    [Fact]
    public async Task Receive_ManyDue_ThoseThatCanWaitComeLater_ButComeInTheEnd()
    {
        var patient = new QueueMessage(Steps, "patient", "", _clock.GetUtcNow() + TimeSpan.FromSeconds(1)) { Patience = TimeSpan.FromSeconds(2) };
        await _queue.EnqueueAsync(patient, default);
        await EnqueueAsync("soon", TimeSpan.FromSeconds(2));
        await EnqueueAsync("at its time", TimeSpan.FromSeconds(3));
        await EnqueueAsync("late", TimeSpan.FromSeconds(4));

        _clock.Advance(TimeSpan.FromSeconds(5));

        (await DrainAsync()).ShouldBe(["soon", "patient", "at its time", "late"]);
    }

    [Fact]
    public async Task Receive_ClockSetBackAnHour_WaitsNoLonger()
    {
        await EnqueueAsync("later", TimeSpan.FromSeconds(10));
        var receiving = ReceiveAsync();

        _clock.SetBack(TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        receiving.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        (await receiving.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System)).Message.Id.ShouldBe("later");
    }

    [Fact]
    public async Task Receive_ClockThatIsSteered_DeliversNothingBeforeItsTime()
    {
        await EnqueueAsync("later", TimeSpan.FromSeconds(10));
        var receiving = ReceiveAsync();

        _clock.SetBack(TimeSpan.FromMilliseconds(5));
        _clock.Advance(TimeSpan.FromSeconds(10));
        receiving.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(5));

        (await receiving.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System)).Message.NotBefore.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task Receive_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        var receiving = _queue.ReceiveAsync(Steps, stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
    }

    [Fact]
    public async Task Receive_DelayedMessage_ComesWhenItIsDueAndNotBefore()
    {
        await EnqueueAsync("later", TimeSpan.FromSeconds(10));
        var receiving = ReceiveAsync();

        _clock.Advance(TimeSpan.FromSeconds(9.999));
        _queue.Depth(Steps).ShouldBe(new QueueDepth(0, 1, 0, 0));
        receiving.IsCompleted.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await receiving).Message.Id.ShouldBe("later");
    }

    [Fact]
    public async Task Receive_EarlierMessageComesAfterALaterOne_TheEarlierWins()
    {
        await EnqueueAsync("late", TimeSpan.FromSeconds(20));
        var receiving = ReceiveAsync();
        await EnqueueAsync("soon", TimeSpan.FromSeconds(5));
        await Task.Yield();

        _clock.Advance(TimeSpan.FromSeconds(5));
        await _clock.AdvanceUntilAsync(receiving, TimeSpan.FromMilliseconds(1));

        (await receiving).Message.Id.ShouldBe("soon");
    }

    [Fact]
    public async Task Receive_TwoReceiversOneMessage_OnlyOneGetsIt()
    {
        var (one, two) = (ReceiveAsync(), ReceiveAsync());

        await EnqueueAsync("a");
        await Task.WhenAny(one, two);
        await EnqueueAsync("b");

        (await Task.WhenAll(one, two)).Select(l => l.Message.Id).Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Queues_AreApart()
    {
        await EnqueueAsync("a", queue: QueueNames.Notices);

        _queue.Depth(Steps).Ready.ShouldBe(0);
        (await ReceiveAsync(QueueNames.Notices)).Message.Id.ShouldBe("a");
    }

    [Fact]
    public async Task Lease_NotSettledInTime_ComesAgainAndTheOldLeaseIsVoid()
    {
        await EnqueueAsync("a");
        var first = await ReceiveAsync();
        var again = ReceiveAsync();

        _clock.Advance(TimeSpan.FromMinutes(5));
        var second = await again;

        (second.DeliveryCount, first.IsCurrent, second.IsCurrent).ShouldBe((2, false, true));
        await first.CompleteAsync();   // too late: the message is the second one's
        _queue.Depth(Steps).InFlight.ShouldBe(1);
    }

    [Fact]
    public async Task Lease_Abandoned_ComesAgainAfterTheDelay()
    {
        await EnqueueAsync("a");
        (await (await ReceiveAsync()).AbandonAsync(TimeSpan.FromSeconds(3))).ShouldBeTrue();

        _queue.Depth(Steps).ShouldBe(new QueueDepth(0, 1, 0, 0));
        _clock.Advance(TimeSpan.FromSeconds(3));

        (await ReceiveAsync()).DeliveryCount.ShouldBe(2);
    }

    [Fact]
    public async Task Lease_AbandonedTooOften_IsADeadLetterWithItsReason()
    {
        await EnqueueAsync("a");
        for (var i = 1; i <= 3; i++)
        {
            (await (await ReceiveAsync()).AbandonAsync(TimeSpan.Zero, $"reason {i}")).ShouldBe(i < 3);
        }

        var dead = _queue.DeadLetters(Steps).ShouldHaveSingleItem();
        (dead.Message.Id, dead.Deliveries, dead.Reason).ShouldBe(("a", 3, "reason 3"));
        _queue.Depth(Steps).ShouldBe(new QueueDepth(0, 0, 0, 1));
    }

    [Fact]
    public async Task Lease_Returned_DoesNotCountAsADelivery()
    {
        await EnqueueAsync("a");
        await (await ReceiveAsync()).ReturnAsync(TimeSpan.Zero);

        (await ReceiveAsync()).DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task Enqueue_SameIdWithinTheWindow_IsDropped()
    {
        await EnqueueAsync("a");
        await EnqueueAsync("a");
        (await DrainAsync()).ShouldBe(["a"]);

        _clock.Advance(TimeSpan.FromMinutes(9));
        await EnqueueAsync("a");
        (await DrainAsync()).ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromMinutes(1));
        await EnqueueAsync("a");
        (await DrainAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Enqueue_SameIdStillWaitingAfterTheWindow_IsDropped()
    {
        await EnqueueAsync("a", TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromMinutes(30));

        await EnqueueAsync("a");

        _queue.Depth(Steps).ShouldBe(new QueueDepth(0, 1, 0, 0));
    }

    [Fact]
    public async Task Enqueue_SameIdInFlightAfterTheWindow_IsDropped()
    {
        using var queue = new InProcessQueue(_clock, new InProcessQueueOptions { VisibilityTimeout = TimeSpan.FromHours(1) });
        await queue.EnqueueAsync(new QueueMessage(Steps, "a", ""), default);
        await queue.ReceiveAsync(Steps, default);
        _clock.Advance(TimeSpan.FromMinutes(30));

        await queue.EnqueueAsync(new QueueMessage(Steps, "a", ""), default);

        queue.Depth(Steps).ShouldBe(new QueueDepth(0, 0, 1, 0));
    }
}
