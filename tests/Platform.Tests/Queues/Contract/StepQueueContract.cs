using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

/// <summary>What every queue has to do, in real time.</summary>
public abstract class StepQueueContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time = TimeProvider.System;

    protected StepQueueContract() => Steps = $"steps-{GetType().Name.ToLowerInvariant()}";

    internal QueueBench Bench { get; private set; } = null!;

    /// <summary>A queue that no other test uses.</summary>
    protected string Steps { get; }

    /// <param name="shortest">The shortest lock, where the queue cannot have shorter ones.</param>
    internal abstract Task<QueueBench> OpenAsync(TimeSpan shortest);

    public async Task InitializeAsync() => Bench = await OpenAsync(TimeSpan.FromSeconds(1));

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    protected Task EnqueueAsync(string id, TimeSpan? delay = null)
        => Bench.Sender.EnqueueAsync(new QueueMessage(Steps, id, Body(id), delay is null ? null : _time.GetUtcNow() + delay), CancellationToken.None);

    protected Task<IMessageLease> ReceiveAsync() => Bench.Receiver.ReceiveAsync(Steps, CancellationToken.None).WaitAsync(Patience);

    [ContractFact]
    public async Task Message_IsDeliveredAsItWasSent_AndOnceItIsDoneNeverAgain()
    {
        await EnqueueAsync("m-1");

        var lease = await ReceiveAsync();

        (lease.Message.Queue, lease.Message.Body, lease.DeliveryCount, lease.IsCurrent).ShouldBe((Steps, Body("m-1"), 1, true));
        if (Bench.KnowsIds)
        {
            lease.Message.Id.ShouldBe("m-1");
        }

        await lease.CompleteAsync();
        lease.IsCurrent.ShouldBeFalse();
        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Messages_ManyReceiversAtOnce_EachIsDeliveredOnce()
    {
        var all = Enumerable.Range(0, 30).Select(i => $"m-{i}").ToList();
        await Task.WhenAll(all.Select(id => EnqueueAsync(id)));

        var bodies = await Task.WhenAll(all.Select(async _ =>
        {
            var lease = await ReceiveAsync();
            await lease.CompleteAsync();
            return lease.Message.Body;
        }));

        bodies.Order().ShouldBe(all.Select(Body).Order());
        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Delay_IsRespected()
    {
        var due = _time.GetUtcNow() + Bench.Lock;
        await EnqueueAsync("late", Bench.Lock);
        await EnqueueAsync("now");

        (await ReceiveAndCompleteAsync()).ShouldBe(Body("now"));
        (await ReceiveAndCompleteAsync()).ShouldBe(Body("late"));

        _time.GetUtcNow().ShouldBeInRange(due, due + TimeSpan.FromSeconds(15));
    }

    [ContractFact]
    public async Task Lock_OfReceiverThatDied_EndsAndTheMessageComesAgain()
    {
        await EnqueueAsync("m-1");
        var lost = await Bench.DyingReceiver.ReceiveAsync(Steps, CancellationToken.None).WaitAsync(Patience);

        var second = await ReceiveAsync();

        (second.Message.Body, second.DeliveryCount).ShouldBe((Body("m-1"), 2));
        await lost.CompleteAsync();   // too late, and not its message any more
        lost.IsCurrent.ShouldBeFalse();
        second.IsCurrent.ShouldBeTrue();
        await second.AbandonAsync(TimeSpan.Zero);
        (await ReceiveAsync()).DeliveryCount.ShouldBe(3);
    }

    [ContractFact]
    public async Task Lock_WhileItsHandlerWorks_IsRenewed()
    {
        // A busy machine must not look like a lock that was lost.
        await Bench.DisposeAsync();
        Bench = await OpenAsync(TimeSpan.FromSeconds(2));
        await EnqueueAsync("m-1");
        var lease = await ReceiveAsync();

        await Task.Delay(Bench.Lock * 1.4, _time, CancellationToken.None);

        lease.IsCurrent.ShouldBeTrue();
        await lease.CompleteAsync();
        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Abandoned_ComesAgainAfterTheDelay()
    {
        await EnqueueAsync("m-1");
        var lease = await ReceiveAsync();
        var due = _time.GetUtcNow() + Bench.Lock;

        (await lease.AbandonAsync(Bench.Lock)).ShouldBeTrue();

        var again = await ReceiveAsync();
        _time.GetUtcNow().ShouldBeInRange(due, due + TimeSpan.FromSeconds(15));
        (again.Message.Id, again.Message.Body, again.DeliveryCount).ShouldBe((lease.Message.Id, Body("m-1"), 2));
        await again.CompleteAsync();
        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Abandoned_TooOften_IsPoison()
    {
        await EnqueueAsync("bad");
        await EnqueueAsync("good", Bench.Lock);
        for (var i = 1; i <= QueueBench.MaxDeliveries; i++)
        {
            var lease = await ReceiveAsync();
            (lease.Message.Body, lease.DeliveryCount).ShouldBe((Body("bad"), i));
            (await lease.AbandonAsync(TimeSpan.Zero, $"reason {i}")).ShouldBe(i < QueueBench.MaxDeliveries);
        }

        (await Bench.PoisonedAsync(Steps)).ShouldBe([Body("bad")]);
        (await ReceiveAndCompleteAsync()).ShouldBe(Body("good"));
        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Returned_ComesAgainAtOnce()
    {
        await EnqueueAsync("m-1");
        var lease = await ReceiveAsync();

        await lease.ReturnAsync(TimeSpan.Zero);

        var again = await ReceiveAsync().WaitAsync(Patience / 4);
        again.Message.Body.ShouldBe(Body("m-1"));
        await again.CompleteAsync();
    }

    [ContractFact]
    public async Task SameId_SentTwice_IsDeliveredOnceWhereIdsAreKnown()
    {
        await EnqueueAsync("m-1");
        await EnqueueAsync("m-1");

        await ReceiveAndCompleteAsync();
        if (!Bench.KnowsIds)
        {
            await ReceiveAndCompleteAsync();
        }

        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Receive_Cancelled_EndsAtOnceAndTakesNothing()
    {
        using var stop = new CancellationTokenSource();
        var receiving = Bench.Receiver.ReceiveAsync(Steps, stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(receiving.WaitAsync(Patience / 4));
        await EnqueueAsync("m-1");
        (await ReceiveAsync()).DeliveryCount.ShouldBe(1);
    }

    [ContractFact]
    public async Task Enqueue_Cancelled_Throws()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => Bench.Sender.EnqueueAsync(new QueueMessage(Steps, "m-1", "{}"), new CancellationToken(canceled: true)));
        await ShouldBeEmptyAsync();
    }

    [ContractFact]
    public async Task Pump_HandlerFailsAndThenWorks_TheMessageIsHandledUntilItDoes()
    {
        var handled = new TaskCompletionSource<int>();
        Task HandleAsync(Delivered<QueueMessage> delivered, CancellationToken ct)
        {
            if (delivered.DeliveryCount < QueueBench.MaxDeliveries)
            {
                throw new InvalidOperationException("not yet");
            }

            handled.SetResult(delivered.DeliveryCount);
            return Task.CompletedTask;
        }

        using var pump = new QueuePump(Bench.Receiver, Steps, "Advance", HandleAsync, new() { RetryDelay = TimeSpan.Zero }, _time, NullLogger<QueuePump>.Instance);
        await EnqueueAsync("m-1");
        await pump.StartAsync(CancellationToken.None);

        (await handled.Task.WaitAsync(Patience)).ShouldBe(QueueBench.MaxDeliveries);
        await pump.StopAsync(CancellationToken.None);

        (await Bench.PoisonedAsync(Steps)).ShouldBeEmpty();
        await ShouldBeEmptyAsync();
    }

    protected static string Body(string id) => $$"""{"id":"{{id}}","text":"<ä & 😀 \"quoted\"\\ ]]>"}""";

    protected async Task<string> ReceiveAndCompleteAsync()
    {
        var lease = await ReceiveAsync();
        await lease.CompleteAsync();
        return lease.Message.Body;
    }

    // The last message to be sent is the first to come, so nothing else was there to be delivered.
    protected async Task ShouldBeEmptyAsync()
    {
        await EnqueueAsync("the-end");
        (await ReceiveAndCompleteAsync()).ShouldBe(Body("the-end"));
    }
}
