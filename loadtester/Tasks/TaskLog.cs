namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>What the log says about tasks, without the secrets in their command lines.</summary>
internal sealed class TaskLog(ILogger logger)
{
    public void Starting(TaskRequest request)
    {
        using var scope = logger.ForCanary(request.Key.Canary);
        var command = CommandText.Redact(request.Key.Command);
        switch (request.Key.Type)
        {
            case "cmd":
                logger.TaskStarting(command);
                break;
            case "bash":
                logger.BashStarting(command);
                break;
            default:
                logger.ToolStarting(request.Key.Type, command);
                break;
        }
    }

    public void Skipped(TaskRequest request)
    {
        using var scope = logger.ForCanary(request.Key.Canary);
        logger.CommandSkipped(CommandText.Redact(request.Key.Command));
    }

    public void Ended(TaskRecord record, bool logsOutput)
    {
        using var scope = logger.ForCanary(record.Request.Key.Canary);
        var command = CommandText.Redact(record.Request.Key.Command);
        var output = record.Outcome?.Output ?? "";
        if (record.State is TaskState.Failed or TaskState.TimedOut)
        {
            logger.CommandFailed(command, record.Error, output);
            return;
        }

        if (logsOutput && output.Length > 0)
        {
            logger.CommandOutput(output);
        }

        if (record.Outcome?.Warning is { } warning)
        {
            logger.CommandWarned(command, warning);
        }

        if (record.State == TaskState.Stopped)
        {
            logger.CommandStopped(command);
        }
        else
        {
            logger.CommandFinished(command);
        }
    }
}
