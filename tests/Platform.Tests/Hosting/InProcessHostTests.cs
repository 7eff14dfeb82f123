using System.Collections.Concurrent;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Platform.Tests.Hosting;

public sealed class InProcessHostTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeClock _clock = new();
    private readonly InProcessQueue _queue;

    public InProcessHostTests() => _queue = new InProcessQueue(_clock);

    public void Dispose() => _queue.Dispose();

    private InProcessHost Host(FunctionRegistry registry, double speed = 1, IServiceProvider? services = null) => new(
        registry, _queue, services ?? new ServiceCollection().BuildServiceProvider(), new InProcessHostOptions { Speed = speed }, _clock, NullLoggerFactory.Instance);

    [Fact]
    public async Task QueueFunction_MessageComes_IsCalledWithItAndItsOwnServices()
    {
        var seen = new TaskCompletionSource<(Delivered<StepMessage> Message, Guid Service)>();
        using var services = new ServiceCollection().AddScoped<Scoped>().BuildServiceProvider();
        var registry = new FunctionRegistry().Queue("Advance", QueueNames.Steps, MessageJson.Default.StepMessage, (provider, message, _) =>
        {
            seen.SetResult((message, provider.GetRequiredService<Scoped>().Id));
            return Task.CompletedTask;
        });
        using var host = Host(registry, services: services);
        await host.StartAsync(default);

        await _queue.EnqueueAsync(new StepMessage("test", "podinfo", StepCauses.Admission).ToMessage("m1"), default);
        var (message, _) = await seen.Task.WaitAsync(Patience);
        await host.StopAsync(default);

        message.Message.Key.ToString().ShouldBe("podinfo.test");
        (message.Id, message.DeliveryCount).ShouldBe(("m1", 1));
    }

    [Fact]
    public async Task QueueFunction_BodyIsNotItsMessage_BecomesADeadLetterAndOthersGoOn()
    {
        var good = new TaskCompletionSource();
        var registry = new FunctionRegistry().Queue(
            "Advance",
            QueueNames.Steps,
            MessageJson.Default.StepMessage,
            (_, _, _) =>
            {
                good.SetResult();
                return Task.CompletedTask;
            },
            message => message.Name);
        using var host = Host(registry, speed: 1000);
        await host.StartAsync(default);

        await _queue.EnqueueAsync(new QueueMessage(QueueNames.Steps, "bad", "no json"), default);
        await _queue.EnqueueAsync(new StepMessage("test", "podinfo", StepCauses.Sweep).ToMessage("good"), default);
        await good.Task.WaitAsync(Patience);
        var died = Task.Run(async () =>
        {
            while (_queue.DeadLetters(QueueNames.Steps).Count == 0)
            {
                await Task.Yield();
            }
        });
        await _clock.AdvanceUntilAsync(died, TimeSpan.FromMilliseconds(50));
        await host.StopAsync(default);

        _queue.DeadLetters(QueueNames.Steps).ShouldHaveSingleItem().Message.Id.ShouldBe("bad");
    }

    [Fact]
    public async Task TimerFunction_RunsAtItsTimes_AtTheSpeedOfTheClock()
    {
        var started = _clock.GetUtcNow();
        var runs = new ConcurrentQueue<double>();
        var enough = new TaskCompletionSource();
        var registry = new FunctionRegistry().Timer("Sweep", "*/30 * * * * *", (_, _) =>
        {
            runs.Enqueue((_clock.GetUtcNow() - started).TotalSeconds);
            if (runs.Count == 3)
            {
                enough.SetResult();
            }

            return Task.CompletedTask;
        });
        using var host = Host(registry, speed: 10);
        await host.StartAsync(default);

        await _clock.AdvanceUntilAsync(enough.Task, TimeSpan.FromMilliseconds(500));
        await host.StopAsync(default);

        // Every 30 s of a clock that runs ten times as fast.
        runs.Take(3).ShouldBe([3, 6, 9]);
    }

    [Fact]
    public async Task TimerFunction_FarAhead_WaitsForIt()
    {
        var ran = new TaskCompletionSource<DateTimeOffset>();
        var registry = new FunctionRegistry().Timer("Yearly", "0 0 0 1 6 *", (_, _) =>
        {
            ran.TrySetResult(_clock.GetUtcNow());
            return Task.CompletedTask;
        });
        using var host = Host(registry);
        await host.StartAsync(default);

        await _clock.AdvanceUntilAsync(ran.Task, TimeSpan.FromDays(1));
        await host.StopAsync(default);

        (await ran.Task).ShouldBeInRange(new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero), new(2027, 6, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task TimerFunction_Fails_RunsAgainAtItsNextTime()
    {
        var runs = 0;
        var second = new TaskCompletionSource();
        var registry = new FunctionRegistry().Timer(
            "Sweep",
            "00:00:30",
            (_, _) =>
            {
                if (Interlocked.Increment(ref runs) == 2)
                {
                    second.SetResult();
                }

                throw new InvalidOperationException("broken");
            },
            runOnStartup: true);
        using var host = Host(registry);
        await host.StartAsync(default);

        await _clock.AdvanceUntilAsync(second.Task, TimeSpan.FromSeconds(1));
        await host.StopAsync(default);

        runs.ShouldBe(2);
    }

    [Fact]
    public void Start_ScheduleIsWrong_IsToldAtOnce()
        => Should.Throw<FormatException>(() => Host(new FunctionRegistry().Timer("Sweep", "often", (_, _) => Task.CompletedTask)));

    [Fact]
    public void Registry_TwoOfOneName_AreRefused()
    {
        var registry = new FunctionRegistry().Timer("Sweep", "00:00:30", (_, _) => Task.CompletedTask);

        Should.Throw<ArgumentException>(() => registry.Timer("Sweep", "00:00:30", (_, _) => Task.CompletedTask)).Message.ShouldContain("'Sweep'");
    }

    private sealed class Scoped
    {
        public Guid Id { get; } = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }
}
