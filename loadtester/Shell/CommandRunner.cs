using CanaryFunctions.LoadTester.Hey;
using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>Decides how a command line runs: by the built-in generator, by the built-in curl and grep, or by an installed program.</summary>
internal sealed class CommandRunner(LoadTesterOptions options, HeyGenerator generator, ProcessRunner processes)
{
    /// <summary>A line for the shell of that name (<c>sh</c>, <c>bash</c>).</summary>
    public async Task<TaskOutcome> RunShellAsync(string shell, string command, CancellationToken ct)
    {
        if (HeyGenerator.IsHey(command) && UsesBuiltInHey)
        {
            if (HeyGenerator.Read(command, out var problem) is { } loads)
            {
                return await generator.RunAsync(loads, ct);
            }

            if (options.FindTool("hey") is null)
            {
                return new(TaskOutcome.NotFound, $"hey is not installed, and {problem}\n");
            }
        }

        var path = options.FindTool(shell);
        if (OneLiner.Parse(command) is { } oneLiner && (path is null || oneLiner.Programs.Any(p => options.FindTool(p) is null)))
        {
            return await oneLiner.RunAsync(options.HttpProxy, ct);
        }

        return path is null
            ? new(TaskOutcome.NotFound, $"{shell} is not installed, and without it only 'hey …' and 'curl … | grep …' lines run here.\n")
            : await processes.RunAsync(path, ["-c", command], ct);
    }

    /// <summary>A program with arguments in POSIX quoting, without a shell.</summary>
    public async Task<TaskOutcome> RunToolAsync(string tool, string arguments, CancellationToken ct)
    {
        if (options.FindTool(tool) is not { } path)
        {
            return new(TaskOutcome.NotFound, $"{tool} is not installed on the load tester.\n");
        }

        try
        {
            return await processes.RunAsync(path, ShellWords.Split(arguments), ct);
        }
        catch (ShellSyntaxException e)
        {
            return new(2, $"metadata.cmd: {e.Message}\n");
        }
    }

    // An installed hey knows neither the scaled clock nor the cluster's proxy (it ignores the environment's).
    private bool UsesBuiltInHey => options.Speed != 1 || options.HttpProxy is not null || options.FindTool("hey") is null;
}
