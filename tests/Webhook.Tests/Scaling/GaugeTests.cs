using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Scaling;

namespace CanaryFunctions.Webhook.Tests.Scaling;

public sealed class GaugeTests
{
    private readonly FakeClock _clock = new();
    private readonly FakeGauge _gauge = new();

    [Fact]
    public async Task SharedGauge_WithinItsLife_LooksOnce()
    {
        var shared = Shared();

        await shared.ReadAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        await shared.ReadAsync(CancellationToken.None);
        _gauge.Looks.ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        _gauge.Backlog = new(5, 6);
        (await shared.ReadAsync(CancellationToken.None)).ShouldBe(new(5, 6));
        _gauge.Looks.ShouldBe(2);
    }

    [Fact]
    public async Task SharedGauge_CallerThatLeaves_TakesNothingFromTheOthers()
    {
        var answer = new TaskCompletionSource();
        _gauge.Before = _ => answer.Task;
        var shared = Shared();
        using var leave = new CancellationTokenSource();

        var left = shared.ReadAsync(leave.Token);
        var stayed = shared.ReadAsync(CancellationToken.None);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        answer.SetResult();

        (await stayed).ShouldBe(QueueBacklog.None);
        _gauge.Looks.ShouldBe(1);
    }

    [Fact]
    public async Task SharedGauge_Failure_IsSharedForItsLifeAndThenForgotten()
    {
        _gauge.Before = _ => throw new IOException("refused");
        var shared = Shared();

        await Should.ThrowAsync<IOException>(() => shared.ReadAsync(CancellationToken.None));
        await Should.ThrowAsync<IOException>(() => shared.ReadAsync(CancellationToken.None));
        _gauge.Looks.ShouldBe(1);

        _gauge.Before = null;
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await shared.ReadAsync(CancellationToken.None)).ShouldBe(QueueBacklog.None);
    }

    [Fact]
    public async Task InProcessGauge_CountsWhatWorkersHaveToBeThereFor()
    {
        using var queue = new InProcessQueue(_clock);
        var gauge = new InProcessGauge(queue);
        (await gauge.ReadAsync(CancellationToken.None)).ShouldBe(QueueBacklog.None);

        await PutAsync(queue, QueueNames.Steps, "now", TimeSpan.Zero);
        await PutAsync(queue, QueueNames.Steps, "taken", TimeSpan.Zero);
        await PutAsync(queue, QueueNames.Steps, "in a minute", TimeSpan.FromMinutes(1));
        await PutAsync(queue, QueueNames.Notices, "now", TimeSpan.Zero);
        await PutAsync(queue, QueueNames.Deliveries, "tried again in a minute", TimeSpan.FromMinutes(1));
        var taken = await queue.ReceiveAsync(QueueNames.Steps, CancellationToken.None);
        (await gauge.ReadAsync(CancellationToken.None)).ShouldBe(new(Steps: 2, Notices: 2));

        await taken.CompleteAsync();
        (await gauge.ReadAsync(CancellationToken.None)).ShouldBe(new(Steps: 1, Notices: 2));
    }

    private SharedGauge Shared() => new(_gauge, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), _clock);

    private Task PutAsync(InProcessQueue queue, string name, string id, TimeSpan delay)
        => queue.EnqueueAsync(new(name, id, "{}", _clock.GetUtcNow() + delay), CancellationToken.None);
}
