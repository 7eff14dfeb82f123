using System.Collections.Concurrent;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Platform.Tests.Queues;

public sealed class QueuePumpTests : IDisposable
{
    private const string Steps = QueueNames.Steps;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeClock _clock = new();
    private readonly InProcessQueue _queue;

    public QueuePumpTests() => _queue = new InProcessQueue(_clock, new InProcessQueueOptions { MaxDeliveries = 3 });

    public void Dispose() => _queue.Dispose();

    private Task EnqueueAsync(string id, string body = "") => _queue.EnqueueAsync(new QueueMessage(Steps, id, body), default);

    private QueuePump Pump(Func<Delivered<QueueMessage>, CancellationToken, Task> handle, QueuePumpOptions? options = null)
        => new(_queue, Steps, "Advance", handle, options ?? new QueuePumpOptions(), _clock, NullLogger<QueuePump>.Instance);

    [Fact]
    public async Task Handler_Succeeds_MessageIsDone()
    {
        var handled = new TaskCompletionSource<int>();
        using var pump = Pump((message, _) =>
        {
            handled.SetResult(message.DeliveryCount);
            return Task.CompletedTask;
        });
        await EnqueueAsync("a");
        await pump.StartAsync(default);

        (await handled.Task.WaitAsync(Patience)).ShouldBe(1);
        await pump.StopAsync(default);

        _queue.Depth(Steps).ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Handler_KeepsFailing_ComesAgainLaterEachTimeAndThenDies()
    {
        var times = new ConcurrentQueue<TimeSpan>();
        var started = _clock.GetUtcNow();
        var died = new TaskCompletionSource();
        using var pump = Pump((message, _) =>
        {
            times.Enqueue(_clock.GetUtcNow() - started);
            if (message.DeliveryCount == 3)
            {
                died.SetResult();
            }

            throw new InvalidOperationException("broken");
        });
        await EnqueueAsync("a");
        await pump.StartAsync(default);

        await _clock.AdvanceUntilAsync(died.Task, TimeSpan.FromMilliseconds(100));
        await pump.StopAsync(default);

        times.Count.ShouldBe(3);
        var seconds = times.Select(t => t.TotalSeconds).ToList();
        (seconds[1] - seconds[0]).ShouldBeGreaterThanOrEqualTo(1);
        (seconds[2] - seconds[1]).ShouldBeGreaterThanOrEqualTo(2);
        _queue.DeadLetters(Steps).ShouldHaveSingleItem().Reason.ShouldBe("broken");
    }

    [Fact]
    public async Task Handler_Slow_OthersRunBesideIt()
    {
        var begun = new Dictionary<string, TaskCompletionSource> { ["a"] = new(), ["b"] = new() };
        using var pump = Pump((message, ct) =>
        {
            begun[message.Id].SetResult();
            return Task.WhenAll(begun.Values.Select(b => b.Task)).WaitAsync(ct);   // each waits for the other
        });
        await EnqueueAsync("a");
        await EnqueueAsync("b");

        await pump.StartAsync(default);
        await Task.WhenAll(begun.Values.Select(b => b.Task)).WaitAsync(Patience);
        await pump.StopAsync(default);
    }

    [Fact]
    public async Task Handler_MessagesOfOneKey_NeverRunAtTheSameTimeAndAllRun()
    {
        var (running, most, handled) = (0, 0, 0);
        var done = new TaskCompletionSource();
        var gate = new Lock();
        using var pump = Pump(
            async (_, _) =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++running);
                }

                await Task.Yield();
                lock (gate)
                {
                    running--;
                    if (++handled == 20)
                    {
                        done.SetResult();
                    }
                }
            },
            new QueuePumpOptions { Partition = message => message.Body });
        for (var i = 0; i < 20; i++)
        {
            await EnqueueAsync($"{i}", "podinfo.test");
        }

        await pump.StartAsync(default);
        await done.Task.WaitAsync(Patience);
        await pump.StopAsync(default);

        most.ShouldBe(1);
    }

    [Fact]
    public async Task Handler_PastItsDeadline_IsCancelledAndTheMessageComesAgain()
    {
        var deliveries = new ConcurrentQueue<int>();
        var second = new TaskCompletionSource();
        using var pump = Pump(
            async (message, ct) =>
            {
                deliveries.Enqueue(message.DeliveryCount);
                if (message.DeliveryCount > 1)
                {
                    second.SetResult();
                    return;
                }

                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
            },
            new QueuePumpOptions { Deadline = TimeSpan.FromSeconds(30) });
        await EnqueueAsync("a");
        await pump.StartAsync(default);

        await _clock.AdvanceUntilAsync(second.Task, TimeSpan.FromSeconds(1));
        await pump.StopAsync(default);

        deliveries.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Stop_WhileHandling_GivesTheMessageBackUncounted()
    {
        var begun = new TaskCompletionSource();
        using var pump = Pump(async (_, ct) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
        });
        await EnqueueAsync("a");
        await pump.StartAsync(default);
        await begun.Task.WaitAsync(Patience);

        await pump.StopAsync(default);

        (await _queue.ReceiveAsync(Steps, default)).DeliveryCount.ShouldBe(1);
    }
}
