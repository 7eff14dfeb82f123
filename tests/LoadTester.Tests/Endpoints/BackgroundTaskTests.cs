using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Endpoints;

public sealed class BackgroundTaskTests
{
    [Fact]
    public async Task Cmd_GuidesLoad_RunsWithoutHeyAndReportsItsSummary()
    {
        await using var backend = await Backend.StartAsync();
        await using var tester = await Tester.StartAsync(findTool: Tester.Without("hey"), speed: 100);
        var command = $"hey -z 10s -q 5 -c 2 -host app.example.com {backend.Url}/";
        (await tester.SubmitAsync(null, command + "\n", metadata: ("logCmdOutput", "true"))).ShouldBe((202, ""));
        var task = await tester.TaskInStateAsync("succeeded");
        ((string?)task["output"])!.ShouldContain("Summary:");
        backend.Requests.ShouldAllBe(r => r.Host == "app.example.com");
        backend.Requests.Count.ShouldBeInRange(2, 100);
        tester.Messages.ShouldContain(m => m.StartsWith($"task starting {command}", StringComparison.Ordinal));
        tester.Messages.ShouldContain(m => m.StartsWith($"command finished {command}", StringComparison.Ordinal));
        tester.Messages.ShouldContain(m => m.Contains("Status code distribution:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cmd_SubmittedEachInterval_RunsOnce()
    {
        await using var backend = await Backend.StartAsync();
        await using var tester = await Tester.StartAsync(findTool: Tester.Without("hey"));
        var command = $"hey -z 10m -q 1 -c 1 {backend.Url}/";
        await tester.SubmitAsync("cmd", command, "run-1");
        (await tester.SubmitAsync("cmd", command, "run-1")).Status.ShouldBe(202);
        (await tester.TasksAsync()).Count.ShouldBe(1);
        tester.Messages.ShouldContain($"command skipped {command} is already running");
    }

    [Fact]
    public async Task Cmd_NextRelease_ReplacesTheLeftover()
    {
        await using var backend = await Backend.StartAsync();
        await using var tester = await Tester.StartAsync(findTool: Tester.Without("hey"));
        var command = $"hey -z 10m -q 1 -c 1 {backend.Url}/";
        await tester.SubmitAsync("cmd", command, "run-1");
        await tester.SubmitAsync("cmd", command, "run-2");
        ((string?)(await tester.TaskInStateAsync("stopped"))["run"]).ShouldBe("run-1");
        ((string?)(await tester.TaskInStateAsync("running"))["run"]).ShouldBe("run-2");
    }

    [Theory]
    [InlineData("hey -enable-tmpl http://x", 2, "hey: -enable-tmpl: is not a known flag")]
    [InlineData("hey -c 0 http://x", 1, "hey: -c: 0 must be between 1 and 10000.")]
    [InlineData("hey http://x | cat", 127, "hey is not installed, and the built-in hey runs no shell syntax: '|' at character 14.")]
    [InlineData("echo oops; exit 4", 4, "oops")]
    public async Task Cmd_Failure_IsListedAndLogged(string command, int exitCode, string output)
    {
        await using var tester = await Tester.StartAsync(findTool: Tester.Without("hey"));
        (await tester.SubmitAsync("cmd", command)).Status.ShouldBe(202);
        var task = await tester.TaskInStateAsync("failed");
        ((int?)task["exitCode"]).ShouldBe(exitCode);
        ((string?)task["output"])!.ShouldStartWith(output);
        tester.Log.ShouldContain(l => (string?)l["level"] == "error"
            && ((string?)l["msg"])!.StartsWith($"command failed {command} exit status {exitCode} {output}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cmd_LoadReachesNothing_Warns()
    {
        await using var tester = await Tester.StartAsync(findTool: Tester.Without("hey"));
        await tester.SubmitAsync("cmd", "hey -n 1 -c 1 http://127.0.0.1:1/");
        ((string?)(await tester.TaskInStateAsync("succeeded"))["warning"])!.ShouldStartWith("none of 1 requests was answered");
        tester.Log.ShouldContain(l => (string?)l["level"] == "warn");
    }

    [Fact]
    public async Task Delete_RunningTask_StopsIt()
    {
        await using var tester = await Tester.StartAsync();
        await tester.SubmitAsync("cmd", "sleep 300");
        var id = (string?)(await tester.TaskInStateAsync("running"))["id"];
        (await tester.SendAsync($"/tasks/{id}", null, "DELETE")).ShouldBe((202, ""));
        ((string?)(await tester.TaskInStateAsync("stopped"))["error"]).ShouldBe("stopped");
        (await tester.SendAsync($"/tasks/{id}", null, "DELETE")).ShouldBe((409, $"task '{id}' has ended already"));
        (await tester.SendAsync("/tasks/none", null, "DELETE")).ShouldBe((404, "task 'none' is not known; GET /tasks lists the tasks"));
    }

    [Fact]
    public async Task List_Secrets_AreHidden()
    {
        await using var tester = await Tester.StartAsync();
        await tester.SubmitAsync("cmd", "true -u me:hunter2");
        await tester.TaskInStateAsync("succeeded");
        (await tester.SendAsync("/tasks", null, "GET")).Body.ShouldNotContain("hunter2");
        tester.Messages.ShouldAllBe(m => !m.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_TasksAtWork_EndsThemPromptly()
    {
        var tester = await Tester.StartAsync();
        await tester.SubmitAsync("cmd", "sleep 300");
        await tester.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        tester.Messages.ShouldContain("command stopped sleep 300");
    }
}
