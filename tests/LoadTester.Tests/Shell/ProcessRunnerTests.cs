using System.Globalization;
using CanaryFunctions.LoadTester.Shell;
using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Shell;

public sealed class ProcessRunnerTests
{
    private const string Sh = "/bin/sh";

    [Fact]
    public async Task Run_Script_ReturnsExitCodeAndBothOutputs()
    {
        var outcome = await RunAsync("echo out; echo err >&2; exit 3", new(), CancellationToken.None);
        outcome.ExitCode.ShouldBe(3);
        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["out", "err"], ignoreOrder: true);
    }

    [Fact]
    public async Task Run_ReadsInput_FindsItEmpty() => (await RunAsync("cat; echo end", new(), CancellationToken.None)).Output.ShouldBe("end\n");

    [Fact]
    public async Task Run_MuchOutput_KeepsTheEnd()
    {
        var outcome = await RunAsync("i=0; while [ $i -lt 20000 ]; do echo 0123456789abcdef; i=$((i+1)); done; echo the end", new(), CancellationToken.None);
        outcome.Output.Length.ShouldBeLessThanOrEqualTo(128 * 1024);
        outcome.Output.ShouldEndWith("the end\n");
    }

    [Fact]
    public async Task Run_Cancelled_KillsDescendantsEvenThoseThatHoldThePipe()
    {
        using var stop = new CancellationTokenSource();
        var file = Path.GetTempFileName();
        try
        {
            // The shell ends at once; its orphan keeps the pipe open.
            var running = RunAsync($"sleep 300 & echo $! > {file}; echo started", new(), stop.Token);
            var pid = await Tester.EventuallyAsync(async () => await File.ReadAllTextAsync(file) is { Length: > 0 } text && text.EndsWith('\n') ? text : null, "the orphan's id");
            running.IsCompleted.ShouldBeFalse();
            await stop.CancelAsync();
            (await running).Output.ShouldBe("started\n");
            await Tester.EventuallyAsync(() => Task.FromResult(IsGone(int.Parse(pid, CultureInfo.InvariantCulture)) ? "gone" : null), "the orphan's end");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Run_WithProxy_TellsShellTasksButKeepsLoopbackOut()
    {
        var options = new LoadTesterOptions { HttpProxy = new("http://127.0.0.1:3128"), Namespace = "apps", ShellEnvironment = new Dictionary<string, string> { ["EXTRA"] = "1" } };
        var outcome = await RunAsync("echo $http_proxy $no_proxy $POD_NAMESPACE $EXTRA", options, CancellationToken.None);
        outcome.Output.ShouldBe("http://127.0.0.1:3128/ localhost,127.0.0.1,::1 apps 1\n");
    }

    [Fact]
    public async Task Run_NoSuchProgram_SaysSo()
    {
        var runner = new ProcessRunner(new() { FindTool = Tester.NoTools });
        var outcome = await runner.RunAsync("/does/not/exist", [], CancellationToken.None);
        outcome.ExitCode.ShouldBe(127);
        outcome.Output.ShouldStartWith("/does/not/exist cannot be started: ");
    }

    [Fact]
    public async Task Run_WithoutSetsid_StillKillsTheTree()
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync("sleep 300", new() { FindTool = Tester.NoTools }, stop.Token);
        await stop.CancelAsync();
        (await running).ExitCode.ShouldBe(-1);
    }

    private static Task<LoadTester.Tasks.TaskOutcome> RunAsync(string script, LoadTesterOptions options, CancellationToken ct)
        => new ProcessRunner(options).RunAsync(Sh, ["-c", script], ct);

    /// <summary>Not there, or dead and only waiting for a parent that reads its exit code.</summary>
    private static bool IsGone(int pid)
    {
        var stat = $"/proc/{pid}/stat";
        try
        {
            return File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
