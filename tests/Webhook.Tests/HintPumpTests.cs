using System.Diagnostics.Metrics;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Hints;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests;

public sealed class HintPumpTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly RecordingQueue _queue = new();
    private readonly HintChannel _channel = new(capacity: 3);
    private readonly Meter _meter = new("hints");
    private readonly HintMetrics _metrics;
    private readonly HintPump _pump;

    public HintPumpTests()
    {
        _metrics = new(_meter);
        _pump = new(_channel, _queue, _metrics, TimeSpan.FromMilliseconds(20), _clock, NullLogger<HintPump>.Instance);
    }

    [Fact]
    public void Channel_ManyHintsForOneCanary_AreOne()
    {
        for (var i = 1; i <= 100; i++)
        {
            _channel.Offer(Hint("a", i)).ShouldBeTrue();
        }

        _channel.TakeAll().Single().TargetGeneration.ShouldBe(100);
        _channel.TakeAll().ShouldBeEmpty();
    }

    [Fact]
    public void Channel_Full_TakesOnlyWhatWaitsAlready()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            _channel.Offer(Hint(name)).ShouldBeTrue();
        }

        _channel.Offer(Hint("d")).ShouldBeFalse();
        _channel.Offer(Hint("a", 2)).ShouldBeTrue();
    }

    [Fact]
    public async Task Channel_TakenAndFilledAgain_WakesAgain()
    {
        _channel.Offer(Hint("a"));
        await _channel.WaitAsync(CancellationToken.None);
        _channel.TakeAll();
        var wait = _channel.WaitAsync(CancellationToken.None);
        wait.IsCompleted.ShouldBeFalse();

        _channel.Offer(Hint("b"));
        await wait.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Pump_ChannelFull_CountsWhatIsDropped()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            _pump.Offer(Hint(name));
        }

        _metrics.CountOf(HintResult.Dropped).ShouldBe(2);
    }

    [Fact]
    public async Task Pump_BurstWithinTheSettleTime_IsOneMessage()
    {
        using var stop = new CancellationTokenSource();
        var run = _pump.RunAsync(stop.Token);
        _pump.Offer(Hint("a", 1));
        await Eventually.IsTrueAsync(() => _clock.PendingTimers > 0);
        _pump.Offer(Hint("a", 2));
        _queue.Count.ShouldBe(0);

        _clock.Advance(TimeSpan.FromMilliseconds(20));
        (await _queue.NextAsync()).Body.ShouldContain("\"targetGeneration\":2");

        await stop.CancelAsync();
        await run;
        _metrics.CountOf(HintResult.Sent).ShouldBe(1);
    }

    [Fact]
    public async Task Pump_QueueDown_CountsAndGoesOn()
    {
        _queue.Before = _ => throw new InvalidOperationException("queue is down");
        using var stop = new CancellationTokenSource();
        var run = _pump.RunAsync(stop.Token);
        _pump.Offer(Hint("a"));
        await _clock.AdvanceUntilAsync(Eventually.IsTrueAsync(() => _metrics.CountOf(HintResult.Failed) == 1), TimeSpan.FromMilliseconds(20));

        _queue.Before = null;
        _pump.Offer(Hint("b"));
        await _clock.AdvanceUntilAsync(Eventually.IsTrueAsync(() => _queue.Count == 1), TimeSpan.FromMilliseconds(20));

        await stop.CancelAsync();
        await run;
        (await _queue.NextAsync()).Body.ShouldContain("\"name\":\"b\"");
    }

    [Fact]
    public async Task Pump_QueueHangs_GivesUpTheHintAfterAWhile()
    {
        _queue.Before = ct => Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
        using var stop = new CancellationTokenSource();
        var run = _pump.RunAsync(stop.Token);
        _pump.Offer(Hint("a"));

        await _clock.AdvanceUntilAsync(Eventually.IsTrueAsync(() => _metrics.CountOf(HintResult.Failed) == 1), TimeSpan.FromSeconds(5));

        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Pump_EndingWhileTheQueueHangs_SendsTheHintAgainAndThenGivesUp()
    {
        var isAsked = new TaskCompletionSource();
        _queue.Before = ct =>
        {
            isAsked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
        };
        using var stop = new CancellationTokenSource();
        var run = _pump.RunAsync(stop.Token);
        _pump.Offer(Hint("a"));
        await _clock.AdvanceUntilAsync(isAsked.Task, TimeSpan.FromMilliseconds(20));

        await stop.CancelAsync();
        await _clock.AdvanceUntilAsync(run, TimeSpan.FromSeconds(1));

        run.IsCompletedSuccessfully.ShouldBeTrue();
        _metrics.CountOf(HintResult.Dropped).ShouldBe(1);
    }

    [Fact]
    public async Task Pump_EndingInTheMiddleOfABurst_LosesNothing()
    {
        var isAsked = new TaskCompletionSource();
        _queue.Before = async ct =>
        {
            if (isAsked.TrySetResult())
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
            }
        };
        using var stop = new CancellationTokenSource();
        var run = _pump.RunAsync(stop.Token);
        _pump.Offer(Hint("a"));
        _pump.Offer(Hint("b"));
        await _clock.AdvanceUntilAsync(isAsked.Task, TimeSpan.FromMilliseconds(20));

        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(5));

        _queue.Count.ShouldBe(2);
    }

    [Fact]
    public void Channel_TakenWithoutWaiting_CanBeFilledAgain()
    {
        _channel.Offer(Hint("a"));
        _channel.TakeAll();

        _channel.Offer(Hint("b")).ShouldBeTrue();
    }

    [Fact]
    public async Task Pump_Ending_SendsWhatWaits()
    {
        using var stop = new CancellationTokenSource();
        var run = _pump.RunAsync(stop.Token);
        _pump.Offer(Hint("a"));
        _pump.Offer(Hint("b"));

        await stop.CancelAsync();
        await run;

        _queue.Count.ShouldBe(2);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _meter.Dispose();
    }

    private static StepHint Hint(string name, long generation = 1)
        => new(new CanaryKey("test", name), $"review-{generation}") { TargetUid = "u", TargetGeneration = generation, TargetHash = $"h{generation}" };
}
