using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Scenario.Tests.Running;

/// <summary><c>canary run</c> as a process of its own, under the product's account.</summary>
internal sealed class RunProcess : IAsyncDisposable
{
    // Only a process that fails takes so long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private RunProcess(ChildProcess process) => Process = process;

    /// <summary>For tests that kill, end or pause it.</summary>
    internal ChildProcess Process { get; }

    /// <summary>Starts it; it serves when this returns.</summary>
    /// <param name="folder">Gets its kubeconfig and its log.</param>
    /// <param name="kubeconfig">Text of its account's kubeconfig.</param>
    /// <param name="settings">By the variables' names.</param>
    /// <param name="serves">Asked until it is so.</param>
    internal static async Task<RunProcess> StartAsync(string folder, string kubeconfig, IReadOnlyDictionary<string, string> settings, Func<RunProcess, Task<bool>> serves)
    {
        var file = Path.Combine(folder, "product.kubeconfig");
        await File.WriteAllTextAsync(file, kubeconfig);
        var run = new RunProcess(ChildProcess.Start(
            ProgramPath.Get("dotnet"), [Path.Combine(AppContext.BaseDirectory, "canary.dll"), "run", "--kubeconfig", file], Path.Combine(folder, "product.log"), settings));
        try
        {
            await run.UntilAsync(() => serves(run), "it serves");
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>The end of its log, and of its predecessors' in the same folder.</summary>
    internal IReadOnlyList<string> Tail(int lines = 15) => Process.Tail(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal bool Says(string text) => Tail(int.MaxValue).Any(line => line.Contains(text, StringComparison.Ordinal));

    internal Task SaysAsync(string text) => UntilAsync(() => Task.FromResult(Says(text)), $"it says '{text}'");

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    // Nothing but the file tells what another process wrote, and nothing but the API server what it registered.
    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var deadline = TimeProvider.System.GetUtcNow() + Limit;
        while (!await condition())
        {
            (Process.HasExited || TimeProvider.System.GetUtcNow() > deadline).ShouldBeFalse($"not so within {Limit.TotalSeconds} s, or canary run ended: {what}.\n{Process.Tail()}");
            await clock.WaitForNextTickAsync();
        }
    }
}
