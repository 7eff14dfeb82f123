using System.Globalization;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Scenario.Tests.Running;

/// <summary><c>canary run</c> as a process of its own, under the product's account.</summary>
internal sealed class RunProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _home;
    private readonly ChildProcess _process;

    private RunProcess(DirectoryInfo home, ChildProcess process) => (_home, _process) = (home, process);

    internal IReadOnlyList<string> Log => File.ReadAllLines(LogFile);

    private string LogFile => Path.Combine(_home.FullName, "run.log");

    /// <summary>Starts it; it serves when this returns.</summary>
    internal static async Task<RunProcess> StartAsync(Stage stage, double speed)
    {
        var home = Directory.CreateTempSubdirectory("canary-run-");
        var kubeconfig = Path.Combine(home.FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, stage.Playground.Cluster.ApiServer.KubeconfigFor(Playground.ProductUser));
        var run = new RunProcess(home, ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "canary.dll"), "run", "--kubeconfig", kubeconfig],
            Path.Combine(home.FullName, "run.log"),
            new Dictionary<string, string>
            {
                ["SPEED"] = speed.ToString(CultureInfo.InvariantCulture),
                ["MESH_PROVIDER"] = "skipper",
                ["METRICS_SERVER"] = "http://prometheus.flagger-system:9090",
                ["CLUSTER_PROXY"] = stage.Machines.ProxyUri.ToString(),
                ["LOG_LEVEL"] = "debug",
                ["KUBECONFIG"] = "",
            }));
        try
        {
            await run.SaysAsync("Takes part in the sweep");
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    internal bool Says(string text) => Log.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits for it. Nothing but the file tells what another process wrote.</summary>
    internal async Task SaysAsync(string text)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var deadline = TimeProvider.System.GetUtcNow() + Stage.Limit;
        while (!Says(text))
        {
            (_process.HasExited || TimeProvider.System.GetUtcNow() > deadline).ShouldBeFalse($"it did not say '{text}':\n{_process.Tail()}");
            await clock.WaitForNextTickAsync();
        }
    }

    internal Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM; gives the exit code.</summary>
    internal Task<int> StopAsync() => _process.StopAsync(Stage.Limit);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _home.Delete(recursive: true);
    }
}
