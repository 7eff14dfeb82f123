using CanaryFunctions.LoadTester.Shell;
using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Endpoints;

public sealed class TaskSubmissionTests
{
    [Theory]
    [InlineData("""{"name":"podinfo","namespace":"test"}""", 400, "metadata not found in payload")]
    [InlineData("{}", 400, "metadata not found in payload")]
    [InlineData("null", 400, "metadata not found in payload")]
    [InlineData("""{"metadata":{"type":"cmd"}}""", 400, "cmd not found in metadata")]
    [InlineData("""{"metadata":{"x":"y"}}""", 400, "cmd not found in metadata")]
    [InlineData("""{"metadata":{"type":"bash"}}""", 400, "cmd not found in metadata")]
    [InlineData("""{"metadata":{"type":"wrk","cmd":"x"}}""", 400, "unknown task type wrk; use one of: bash, cmd, helm, helmv3, kubectl")]
    [InlineData("""{"metadata":{"type":"","cmd":"x"}}""", 400, "unknown task type ; use one of: bash, cmd, helm, helmv3, kubectl")]
    [InlineData("""{"metadata":{"type":"concord"}}""", 400, "task type concord is not supported by this version; use one of: bash, cmd, helm, helmv3, kubectl")]
    [InlineData("""{"metadata":{"type":"ngrinder","clone":"1"}}""", 400, "task type ngrinder is not supported by this version; use one of: bash, cmd, helm, helmv3, kubectl")]
    public async Task Submit_Refused_SaysWhy(string body, int status, string message)
    {
        await using var tester = await Tester.StartAsync();
        (await tester.SendAsync("/", body)).ShouldBe((status, message));
    }

    [Fact]
    public async Task Submit_OtherNamespace_IsForbidden()
    {
        await using var tester = await Tester.StartAsync(namespaces: "prod");
        (await tester.SubmitAsync("bash", "true")).ShouldBe((403, "Forbidden: namespace 'test' does not match -namespace-regexp"));
    }

    [Theory]
    [InlineData("true", "", 200, "")]
    [InlineData("echo hi", "", 200, "")]
    [InlineData("echo hi", "True", 200, "hi\n")]
    [InlineData("echo hi", "yes", 200, "")] // no boolean as Go reads them
    [InlineData("false", "", 500, "command false failed: : exit status 1")]
    [InlineData("echo no; exit 7", "true", 500, "command echo no; exit 7 failed: no\n: exit status 7")]
    public async Task Bash_Ends_AnswerIsItsResult(string command, string returnOutput, int status, string body)
    {
        await using var tester = await Tester.StartAsync();
        (await tester.SubmitAsync("bash", command, metadata: ("returnCmdOutput", returnOutput))).ShouldBe((status, body));
    }

    [Fact]
    public async Task Bash_TooLong_IsKilledThoughADescendantHoldsThePipe()
    {
        await using var tester = await Tester.StartAsync(timeout: TimeSpan.FromSeconds(1));
        var (status, body) = await tester.SubmitAsync("bash", "echo begun; sleep 300 | cat").WaitAsync(TimeSpan.FromSeconds(10));
        status.ShouldBe(500);
        body.ShouldBe("command echo begun; sleep 300 | cat failed: begun\n: timed out after 1s");
    }

    [Fact]
    public async Task Bash_CallerHangsUp_IsStopped()
    {
        await using var tester = await Tester.StartAsync();
        using var patience = new CancellationTokenSource();
        using var content = new StringContent(Tester.Payload("bash", "sleep 300"));
        var waiting = tester.Client.PostAsync("/", content, patience.Token);
        await tester.TaskInStateAsync("running");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await tester.TaskInStateAsync("stopped");
    }

    [Fact]
    public async Task Kubectl_Arguments_AreSplitLikeAShellWould()
    {
        var echo = PathSearch.Find("echo");
        await using var tester = await Tester.StartAsync(findTool: name => name == "kubectl" ? echo : null);
        var answer = await tester.SubmitAsync("kubectl", """run x --overrides='{ "a": 1 }' | tee""", metadata: ("returnCmdOutput", "1"));
        answer.ShouldBe((200, "run x --overrides={ \"a\": 1 } | tee\n"));
        tester.Messages.ShouldContain("running command kubectl run x --overrides='{ \"a\": 1 }' | tee");
    }

    [Theory]
    [InlineData("helm", "test x", "command test x failed: helm is not installed on the load tester.\n: exit status 127")]
    [InlineData("helmv3", "test x", "command test x failed: helm is not installed on the load tester.\n: exit status 127")]
    [InlineData("kubectl", "get 'x", "command get 'x failed: kubectl is not installed on the load tester.\n: exit status 127")]
    [InlineData("bash", "ls", "command ls failed: bash is not installed, and without it only 'hey …' and 'curl … | grep …' lines run here.\n: exit status 127")]
    public async Task Tool_NotInstalled_IsAClearFailure(string type, string command, string body)
    {
        await using var tester = await Tester.StartAsync(findTool: Tester.NoTools);
        (await tester.SubmitAsync(type, command)).ShouldBe((500, body));
    }

    [Fact]
    public async Task Bash_NoProgramsAtAll_GuidesOneLinersStillRun()
    {
        await using var tester = await Tester.StartAsync(findTool: Tester.NoTools);
        var command = $"curl -sd 'test' {tester.Address}healthz | grep OK";
        (await tester.SubmitAsync("bash", command, metadata: ("returnCmdOutput", "true"))).ShouldBe((200, "OK\n"));
        (await tester.SubmitAsync("bash", command.Replace("OK", "KO", StringComparison.Ordinal))).Status.ShouldBe(500);
    }

    [Fact]
    public async Task Bash_OnlyGrepIsMissing_OneLinersRunInProcess()
    {
        await using var tester = await Tester.StartAsync(findTool: Tester.Without("grep"));
        (await tester.SubmitAsync("bash", $"curl -s {tester.Address}healthz | grep O", metadata: ("returnCmdOutput", "true"))).ShouldBe((200, "OK\n"));
    }

    [Fact]
    public async Task Bash_ShellTask_ReachesClusterNamesThroughTheProxy()
    {
        await using var proxy = new RawProxy("a token\n");
        await using var tester = await Tester.StartAsync(proxy: proxy.Url);
        (await tester.SubmitAsync("bash", "curl -sd 'test' http://podinfo-canary/token | grep token")).Status.ShouldBe(200);
        proxy.Heads.ShouldHaveSingleItem().ShouldStartWith("POST http://podinfo-canary/token HTTP/1.1\r\n");
    }
}
