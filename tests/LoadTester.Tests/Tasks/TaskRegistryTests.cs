using CanaryFunctions.Core;
using CanaryFunctions.LoadTester.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.LoadTester.Tests.Tasks;

public sealed class TaskRegistryTests
{
    [Fact]
    public async Task Start_SameTaskAgain_IsNotStartedTwice()
    {
        await using var registry = New();
        var first = new Work();
        registry.Start(Request(), first.RunAsync, _ => { }).ShouldBeTrue();
        registry.Start(Request(), new Work().RunAsync, _ => { }).ShouldBeFalse();
        registry.List().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Start_ManyAtOnce_StartsExactlyOne()
    {
        await using var registry = New();
        var started = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => registry.Start(Request(), new Work().RunAsync, _ => { }))));
        started.Count(s => s).ShouldBe(1);
    }

    [Theory]
    [InlineData("other", "test", "cmd", "hey")]
    [InlineData("podinfo", "prod", "cmd", "hey")]
    [InlineData("podinfo", "test", "bash", "hey")]
    [InlineData("podinfo", "test", "cmd", "hey x")]
    public async Task Start_AnyPartOfTheKeyDiffers_RunsBeside(string name, string ns, string type, string command)
    {
        await using var registry = New();
        registry.Start(Request(), new Work().RunAsync, _ => { });
        registry.Start(new(new(new(ns, name), type, command), "", ""), new Work().RunAsync, _ => { }).ShouldBeTrue();
    }

    [Fact]
    public async Task Start_ForTheNextRun_StopsTheLeftoverAndStarts()
    {
        await using var registry = New();
        var leftover = new TaskCompletionSource<TaskRecord>();
        var next = new Work();
        registry.Start(Request("run-1"), new Work().RunAsync, leftover.SetResult);
        registry.Start(Request("run-2"), next.RunAsync, _ => { }).ShouldBeTrue();
        (await leftover.Task.WaitAsync(TimeSpan.FromSeconds(10))).State.ShouldBe(TaskState.Stopped);
        await next.Started.WaitAsync(TimeSpan.FromSeconds(10));
        registry.Start(Request("run-2"), new Work().RunAsync, _ => { }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "run-2")]
    [InlineData("run-1", "")]
    public async Task Start_RunNotNamed_CountsAsTheSame(string running, string submitted)
    {
        await using var registry = New();
        registry.Start(Request(running), new Work().RunAsync, _ => { });
        registry.Start(Request(submitted), new Work().RunAsync, _ => { }).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_AfterTheEnd_RunsAgain()
    {
        await using var registry = New();
        await registry.RunAsync(Request(), _ => Task.FromResult(new TaskOutcome(0, "")), _ => { }, CancellationToken.None);
        registry.Start(Request(), new Work().RunAsync, _ => { }).ShouldBeTrue();
    }

    [Fact]
    public async Task Run_TwoWait_ShareOneRunAndItStopsWhenBothHaveLeft()
    {
        await using var registry = New();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var ended = new TaskCompletionSource<TaskRecord>();
        var work = new Work();
        var first = registry.RunAsync(Request(), work.RunAsync, ended.SetResult, one.Token);
        await work.Started.WaitAsync(TimeSpan.FromSeconds(10));
        var second = registry.RunAsync(Request(), new Work().RunAsync, _ => { }, two.Token);

        await one.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        registry.List().ShouldHaveSingleItem().State.ShouldBe(TaskState.Running);

        await two.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        (await ended.Task.WaitAsync(TimeSpan.FromSeconds(10))).State.ShouldBe(TaskState.Stopped);
    }

    [Fact]
    public async Task Run_Overdue_TimesOut()
    {
        await using var registry = New(TimeSpan.FromMilliseconds(20));
        var record = await registry.RunAsync(Request(), new Work().RunAsync, _ => { }, CancellationToken.None);
        record.State.ShouldBe(TaskState.TimedOut);
        record.Error.ShouldBe("timed out after 20ms");
    }

    [Fact]
    public async Task Run_WorkBreaks_IsItsResult()
    {
        await using var registry = New();
        var record = await registry.RunAsync(Request(), _ => throw new InvalidOperationException("broken"), _ => { }, CancellationToken.None);
        record.State.ShouldBe(TaskState.Failed);
        record.Outcome!.Output.ShouldBe("broken");
    }

    [Fact]
    public async Task List_ManyEnded_KeepsTheLastHundredNewestFirst()
    {
        await using var registry = New();
        for (var i = 0; i < 105; i++)
        {
            await registry.RunAsync(Request($"{i}"), _ => Task.FromResult(new TaskOutcome(i, "")), _ => { }, CancellationToken.None);
        }

        registry.List().Select(t => t.Request.Run).ShouldBe(Enumerable.Range(5, 100).Reverse().Select(i => $"{i}"));
    }

    [Fact]
    public async Task Dispose_EndsWhatRunsAndRefusesMore()
    {
        await using var registry = New();
        var ended = new TaskCompletionSource<TaskRecord>();
        registry.Start(Request(), new Work().RunAsync, ended.SetResult);
        await registry.DisposeAsync();
        ended.Task.IsCompletedSuccessfully.ShouldBeTrue();
        Should.Throw<ShuttingDownException>(() => registry.Start(Request(), new Work().RunAsync, _ => { }));
    }

    private static TaskRegistry New(TimeSpan? timeout = null) => new(TimeProvider.System, timeout ?? TimeSpan.FromMinutes(1), new(), NullLogger.Instance);

    private static TaskRequest Request(string run = "") => new(new(new CanaryKey("test", "podinfo"), "cmd", "hey"), run, "load");

    /// <summary>Runs until it is cancelled.</summary>
    private sealed class Work
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public async Task<TaskOutcome> RunAsync(CancellationToken ct)
        {
            _started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return new(0, "");
        }
    }
}
