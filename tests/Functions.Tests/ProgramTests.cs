namespace CanaryFunctions.Functions.Tests;

/// <summary>The program as it is started, but in this process.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void BadSettings_AreAllReported_AndEndTheProgram()
    {
        var (exit, error) = Run("--minimum-interval=soon", "--speed=0", "--metrics-server=ftp://prometheus", "-slack-url=hooks.example.com/secret");

        exit.ShouldBe(1);
        error.ShouldContain("4 settings cannot be used.");
        error.ShouldContain("minimum-interval: 'soon' must be a positive duration");
        error.ShouldContain("speed: '0' must be a number from 1");
        error.ShouldContain("metrics-server: 'ftp://prometheus' must be a URL that begins with http:// or https://.");
        error.ShouldContain("slack-url: '(hidden)'");
        error.ShouldNotContain("secret");
    }

    [Fact]
    public void UnknownLogLevel_EndsTheProgram()
    {
        var (exit, error) = Run("--log-level=loud");
        exit.ShouldBe(1);
        error.ShouldContain("log-level: 'loud' is no level; use debug, info, warning or error.");
    }

    [Fact]
    public void KubeconfigThatIsMissing_EndsTheProgram()
    {
        var (exit, error) = Run("--kubeconfig=no/such/kubeconfig");
        exit.ShouldBe(1);
        error.ShouldContain("no/such/kubeconfig");
    }

    private static (int Exit, string Error) Run(params string[] arguments)
    {
        var before = Console.Error;
        using var error = new StringWriter();
        try
        {
            Console.SetError(error);
            return ((int)typeof(AdvanceRollout).Assembly.EntryPoint!.Invoke(null, [arguments])!, error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
