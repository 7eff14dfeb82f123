using System.ComponentModel;
using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>Runs installed programs and collects what they print.</summary>
internal sealed class ProcessRunner(LoadTesterOptions options)
{
    // After a kill the pipes close at once, unless a descendant left the session; nobody waits for that one.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyDictionary<string, string> _environment = ShellEnvironment.For(options);

    /// <summary>
    /// Waits until the program has ended and its output is closed, as a pipe's reader would. When cancelled it kills the program
    /// with its descendants and returns what was printed until then; the caller knows the token.
    /// </summary>
    public async Task<TaskOutcome> RunAsync(string path, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ProcessGroup process;
        try
        {
            process = ProcessGroup.Start(path, arguments, options.FindTool("setsid"), _environment);
        }
        catch (Win32Exception e)
        {
            return new(TaskOutcome.NotFound, $"{path} cannot be started: {e.Message}\n");
        }

        using (process)
        {
            return await CollectAsync(process, ct);
        }
    }

    private static async Task<TaskOutcome> CollectAsync(ProcessGroup process, CancellationToken ct)
    {
        var output = new OutputBuffer();
        using var givingUp = new CancellationTokenSource();
        var pumps = Task.WhenAll(output.PumpAsync(process.Output, givingUp.Token), output.PumpAsync(process.Error, givingUp.Token));
        try
        {
            await process.WaitForExitAsync(ct);
            await pumps.WaitAsync(ct);
            return new(process.ExitCode, output.ToString());
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            process.Kill();
            givingUp.CancelAfter(PipeGrace);
            await pumps.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return new(-1, output.ToString());
        }
    }
}
