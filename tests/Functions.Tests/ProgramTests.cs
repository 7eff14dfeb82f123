namespace CanaryFunctions.Functions.Tests;

/// <summary>The program as it is started, but in this process.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task BadSettings_AreAllReported_AndEndTheProgram()
    {
        var (exit, error) = await RunAsync("--minimum-interval=soon", "--speed=0", "--metrics-server=ftp://prometheus", "-slack-url=hooks.example.com/secret");

        exit.ShouldBe(1);
        error.ShouldContain("4 settings cannot be used.");
        error.ShouldContain("minimum-interval: 'soon' must be a positive duration");
        error.ShouldContain("speed: '0' must be a number from 1");
        error.ShouldContain("metrics-server: 'ftp://prometheus' must be a URL that begins with http:// or https://.");
        error.ShouldContain("slack-url: '(hidden)'");
        error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task UnknownLogLevel_EndsTheProgram()
    {
        var (exit, error) = await RunAsync("--log-level=loud");
        exit.ShouldBe(1);
        error.ShouldContain("log-level: 'loud' is no level; use debug, info, warning or error.");
    }

    [Fact]
    public async Task KubeconfigThatIsMissing_EndsTheProgram()
    {
        var (exit, error) = await RunAsync("--kubeconfig=no/such/kubeconfig");
        exit.ShouldBe(1);
        error.ShouldContain("no/such/kubeconfig");
    }

    // A program that runs on instead of giving up must fail the test, not hold it up.
    private static async Task<(int Exit, string Error)> RunAsync(params string[] arguments)
    {
        var before = Console.Error;
        await using var error = new StringWriter();
        try
        {
            Console.SetError(error);
            var exit = await Task.Run(() => (int)typeof(AdvanceRollout).Assembly.EntryPoint!.Invoke(null, [arguments])!).WaitAsync(TimeSpan.FromSeconds(20));
            return (exit, error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
