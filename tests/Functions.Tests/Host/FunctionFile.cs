namespace CanaryFunctions.Functions.Tests.Host;

public enum TriggerKind
{
    ServiceBus,
    StorageQueue,
    Timer,
    Http,
}

/// <summary>A <c>function.json</c> as the Functions host reads it (contracts/azure-keda.md 1.5 to 1.8), and stricter: unknown and missing keys are refused.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Binding">The trigger's name: the key in <c>Data</c>.</param>
/// <param name="Queue">For queues.</param>
/// <param name="Connection">Name of a setting, for queues.</param>
/// <param name="Schedule">For timers.</param>
internal sealed record FunctionFile(string Name, TriggerKind Kind, string Binding, string Queue = "", string Connection = "", string Schedule = "")
{
    /// <summary>All functions of an app: the folders with a <c>function.json</c>.</summary>
    internal static IReadOnlyList<FunctionFile> ReadAll(string folder)
        => [.. Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, "function.json"))).Order(StringComparer.Ordinal).Select(Read)];

    /// <exception cref="HostRefusesException">Something is missing, unknown or out of range.</exception>
    internal static FunctionFile Read(string folder)
    {
        var root = StrictJson.File(Path.Combine(folder, "function.json"));
        var bindings = root.Objects("bindings");
        root.End();
        if (bindings.Count == 0)
        {
            throw root.Wrong("bindings", "must have a trigger");
        }

        var (trigger, outputs) = (bindings[0], bindings.Skip(1).ToList());
        var function = Trigger(Path.GetFileName(folder), trigger);
        trigger.End();
        foreach (var output in outputs)
        {
            output.OneOf("type", function.Kind == TriggerKind.Http ? ["http"] : []);
            output.OneOf("name", "res");
            output.OneOf("direction", "out");
            output.End();
        }

        return outputs.Count == (function.Kind == TriggerKind.Http ? 1 : 0) ? function : throw root.Wrong("bindings", "must be a trigger, and for HTTP its answer");
    }

    private static FunctionFile Trigger(string name, StrictJson trigger)
    {
        trigger.OneOf("direction", "in");
        var binding = trigger.Text("name");
        switch (trigger.OneOf("type", "serviceBusTrigger", "queueTrigger", "timerTrigger", "httpTrigger"))
        {
            case "serviceBusTrigger":
                trigger.OneOf("cardinality", "one");
                trigger.OneOf("dataType", "string", "binary");
                if (trigger.Flag("isSessionsEnabled", false) || !trigger.Flag("autoCompleteMessages", true))
                {
                    throw trigger.Wrong("autoCompleteMessages", "must be true, and isSessionsEnabled false: nobody else settles, and the queue has no sessions");
                }

                return new(name, TriggerKind.ServiceBus, binding, trigger.Text("queueName"), trigger.Text("connection"));
            case "queueTrigger":
                trigger.OneOf("dataType", "string", "binary");
                return new(name, TriggerKind.StorageQueue, binding, trigger.Text("queueName"), trigger.Text("connection"));
            case "timerTrigger":
                var schedule = trigger.Text("schedule");
                Platform.Hosting.Schedule.Parse(schedule, _ => null);
                trigger.Flag("useMonitor", true);
                return !trigger.Flag("runOnStartup", false)
                    ? new(name, TriggerKind.Timer, binding, Schedule: schedule)
                    : throw trigger.Wrong("runOnStartup", "must be false: every scale-out would run it");
            default:
                trigger.OneOf("authLevel", "anonymous", "function", "admin");
                trigger.Texts("methods");
                trigger.Text("route");
                return new(name, TriggerKind.Http, binding);
        }
    }
}
