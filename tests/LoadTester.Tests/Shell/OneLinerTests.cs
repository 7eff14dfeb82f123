using CanaryFunctions.LoadTester.Shell;
using CanaryFunctions.LoadTester.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.LoadTester.Tests.Shell;

public sealed class OneLinerTests
{
    /// <summary>Command, with URL for the backend's address; exit code; output.</summary>
    public static TheoryData<string, int, string> Lines => new()
    {
        { "curl -sd 'test' URL/token | grep token", 0, "{\"token\":\"POST test application/x-www-form-urlencoded\"}\n" },
        { "curl -sd 'test' -H 'Host: app.example.com' URL/host | grep app.example", 0, "app.example.com\n" },
        { "curl -s URL/lines", 0, "one\ntwo\nthree" },
        { "curl -s URL/lines | grep -v two", 0, "one\nthree\n" },
        { "curl -s URL/lines | grep TWO", 1, "" },
        { "curl -s URL/lines | grep -i TWO", 0, "two\n" },
        { "curl -s URL/lines | grep t | grep -q hr", 0, "" },
        { "curl -s URL/lines | grep -F t.o", 1, "" },
        { "curl -s URL/lines | grep t.o", 0, "two\n" },
        { "curl -s URL/status/500", 0, "broken\n" },
        { "curl -sf URL/status/500", 22, "" },
        { "curl -s URL/status/500 | grep broken", 0, "broken\n" },
        { "curl -s -o /dev/null URL/lines", 0, "" },
        { "curl -s -X PUT -d a=1 --data b=2 URL/token | grep token", 0, "{\"token\":\"PUT a=1&b=2 application/x-www-form-urlencoded\"}\n" },
        { "curl -sL URL/moved", 0, "one\ntwo\nthree" },
        { "curl -s URL/empty | grep x", 1, "" },
        { "curl -s http://127.0.0.1:1/", 7, "" },
        { "curl -s http://127.0.0.1:1/ | grep x", 1, "" },
        { "curl -s -m 0.3 URL/hang", 28, "" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Run_InProcess_GivesExitCodeAndOutput(string line, int exitCode, string output)
    {
        await using var backend = await StartAsync();
        var outcome = await OneLiner.Parse(line.Replace("URL", backend.Url, StringComparison.Ordinal)).ShouldNotBeNull().RunAsync(null, CancellationToken.None);
        outcome.ExitCode.ShouldBe(exitCode);
        outcome.Output.ShouldBe(output);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Run_RealShell_AgreesWithTheTable(string line, int exitCode, string output)
    {
        if (Array.Exists(["bash", "curl", "grep"], p => PathSearch.Find(p) is null))
        {
            return; // The table above is checked in-process; a machine without these programs has nothing to compare with.
        }

        await using var backend = await StartAsync();
        var runner = new ProcessRunner(new());
        var outcome = await runner.RunAsync(PathSearch.Find("bash")!, ["-c", line.Replace("URL", backend.Url, StringComparison.Ordinal)], CancellationToken.None);
        outcome.ExitCode.ShouldBe(exitCode);
        outcome.Output.ShouldBe(output);
    }

    [Theory]
    [InlineData("curl -s http://x && echo")]
    [InlineData("curl -s http://x | jq .")]
    [InlineData("curl -s http://x | grep -E 'a|b'")]
    [InlineData("curl -s http://x | grep 'a*'")]
    [InlineData("curl -d @file http://x")]
    [InlineData("curl -s http://x http://y")]
    [InlineData("curl -s http://u:p@x")]
    [InlineData("curl --compressed http://x")]
    [InlineData("curl -s")]
    [InlineData("curl -s 'http://x")]
    [InlineData("curl -s $URL")]
    [InlineData("wget http://x")]
    [InlineData("curl -s http://x | grep")]
    [InlineData("")]
    public void Parse_AnythingElse_IsLeftToAShell(string line) => OneLiner.Parse(line).ShouldBeNull();

    [Fact]
    public async Task Run_ClusterName_GoesToTheProxyUnchanged()
    {
        await using var proxy = new RawProxy("token\n");
        var outcome = await OneLiner.Parse("curl -sH 'Host: app.example.com' http://traefik.traefik/token | grep token")!.RunAsync(proxy.Url, CancellationToken.None);
        outcome.ExitCode.ShouldBe(0);
        var head = proxy.Heads.ShouldHaveSingleItem();
        head.ShouldStartWith("GET http://traefik.traefik/token HTTP/1.1\r\n");
        head.ShouldContain("\r\nHost: app.example.com\r\n");
    }

    [Fact]
    public async Task Run_NobodyListensAndErrorsShown_SaysWhy()
    {
        var outcome = await OneLiner.Parse("curl -sS http://127.0.0.1:1/")!.RunAsync(null, CancellationToken.None);
        outcome.Output.ShouldStartWith("curl: (7) ");
    }

    private static Task<Backend> StartAsync() => Backend.StartAsync(async context =>
    {
        var request = context.Request;
        switch (request.Path.Value)
        {
            case "/token":
                request.Headers.TryGetValue("Content-Type", out var type);
                await context.Response.WriteAsync($"{{\"token\":\"{request.Method} {context.Items["body"]} {type}\"}}\n");
                break;
            case "/host":
                await context.Response.WriteAsync(request.Host + "\n");
                break;
            case "/lines":
                await context.Response.WriteAsync("one\ntwo\nthree");
                break;
            case "/status/500":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("broken\n");
                break;
            case "/moved":
                context.Response.Redirect("/lines");
                break;
            case "/hang":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                break;
        }
    });
}
