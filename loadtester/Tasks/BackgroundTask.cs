using CanaryFunctions.LoadTester.Endpoints;
using CanaryFunctions.LoadTester.Flags;
using CanaryFunctions.LoadTester.Shell;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>Type <c>cmd</c>: answered at once with 202, runs on in the background; its end is seen in the log and in the list of tasks.</summary>
internal sealed class BackgroundTask(TaskRegistry registry, CommandRunner commands, TaskLog log) : ITaskType
{
    public string Name => "cmd";

    public Task HandleAsync(TaskRequest request, IReadOnlyDictionary<string, string> metadata, HttpContext context)
    {
        var logsOutput = GoBool.IsTrue(metadata.GetValueOrDefault("logCmdOutput"));
        if (!registry.Start(request, ct => RunAsync(request, ct), record => log.Ended(record, logsOutput)))
        {
            log.Skipped(request);
        }

        return Answer.EmptyAsync(context, 202);
    }

    private Task<TaskOutcome> RunAsync(TaskRequest request, CancellationToken ct)
    {
        log.Starting(request);
        return commands.RunShellAsync("sh", request.Key.Command, ct);
    }
}
