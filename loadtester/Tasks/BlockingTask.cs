using CanaryFunctions.LoadTester.Endpoints;
using CanaryFunctions.LoadTester.Flags;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>Types whose answer is the command's result; the command ends when the caller hangs up.</summary>
internal sealed class BlockingTask(string name, TaskRegistry registry, Func<string, CancellationToken, Task<TaskOutcome>> run, TaskLog log) : ITaskType
{
    public string Name => name;

    public async Task HandleAsync(TaskRequest request, IReadOnlyDictionary<string, string> metadata, HttpContext context)
    {
        TaskRecord record;
        try
        {
            record = await registry.RunAsync(request, ct => RunAsync(request, ct), ended => log.Ended(ended, logsOutput: true), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer; the registry has stopped the command if it was the last one waiting.
            return;
        }

        var output = record.Outcome?.Output ?? "";
        if (record.State != TaskState.Succeeded)
        {
            await Answer.TextAsync(context, 500, $"command {CommandText.Redact(request.Key.Command)} failed: {output}: {record.Error}");
        }
        else
        {
            await Answer.TextAsync(context, 200, GoBool.IsTrue(metadata.GetValueOrDefault("returnCmdOutput")) ? output : "");
        }
    }

    private Task<TaskOutcome> RunAsync(TaskRequest request, CancellationToken ct)
    {
        log.Starting(request);
        return run(request.Key.Command, ct);
    }
}
