using System.Text.Json.Nodes;

namespace CanaryFunctions.Platform.Hosting.Publishing;

/// <summary>What <c>function.json</c> says of a trigger (contracts/azure-keda.md 1.5 to 1.8).</summary>
internal static class TriggerBinding
{
    /// <param name="name">The binding's name: that of the parameter.</param>
    /// <param name="function">The function's name, which is the route of an HTTP function that names none.</param>
    public static JsonArray Of(Attribute trigger, string name, string function, QueueBinding queue) => trigger switch
    {
        StepQueueTriggerAttribute onMessage => new(Queue(onMessage, name, queue)),
        TimerTriggerAttribute onTime => new(Timer(onTime)),
        HttpTriggerAttribute onRequest => new(Http(onRequest, name, function), new JsonObject { ["type"] = "http", ["name"] = "res", ["direction"] = "out" }),
        _ => throw new ArgumentException($"{trigger.GetType().Name} is no trigger that the Functions host knows.", nameof(trigger)),
    };

    private static JsonObject Queue(StepQueueTriggerAttribute trigger, string name, QueueBinding queue) => queue switch
    {
        QueueBinding.ServiceBus => new()
        {
            ["type"] = "serviceBusTrigger",
            ["name"] = name,
            ["direction"] = "in",
            ["queueName"] = trigger.Queue,
            ["connection"] = HostConnections.ServiceBus,
            ["cardinality"] = "one",
            ["dataType"] = "string",
            ["isSessionsEnabled"] = false,

            // Here and not in host.json, which is not read for custom handlers. Nobody else would settle the messages.
            ["autoCompleteMessages"] = true,
        },
        _ => new()
        {
            ["type"] = "queueTrigger",
            ["name"] = name,
            ["direction"] = "in",
            ["queueName"] = trigger.Queue,
            ["connection"] = HostConnections.Storage,
            ["dataType"] = "string",
        },
    };

    private static JsonObject Timer(TimerTriggerAttribute trigger) => new()
    {
        ["type"] = "timerTrigger",

        // The attribute stands on the cancellation token; what the host says of the schedule nobody reads.
        ["name"] = "timer",
        ["direction"] = "in",
        ["schedule"] = trigger.Schedule,

        // The attribute's own value is for processes without the host, which would run it at every scale-out.
        ["runOnStartup"] = false,

        // Made up for by the next run; the host does not do it below a minute anyway.
        ["useMonitor"] = false,
    };

    private static JsonObject Http(HttpTriggerAttribute trigger, string name, string function) => new()
    {
        ["type"] = "httpTrigger",
        ["name"] = name,
        ["direction"] = "in",
        ["authLevel"] = trigger.Authorization switch
        {
            AuthorizationLevel.Anonymous => "anonymous",
            AuthorizationLevel.Function => "function",
            _ => "admin",
        },
        ["methods"] = new JsonArray([.. trigger.Methods.Select(m => JsonValue.Create(m.ToLowerInvariant()))]),
        ["route"] = trigger.Route ?? function,
    };
}
