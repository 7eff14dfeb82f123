using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Endpoints;

/// <summary>Task submission (contracts/hooks-alerts.md 3.4), and the list of tasks with a way to stop one.</summary>
internal sealed class TaskEndpoints(Catalog<ITaskType> types, TaskRegistry registry, NamespaceGuard namespaces, PayloadReader payloads, ILogger logger)
{
    private const string TaskPrefix = "/tasks/";

    private static readonly string[] Unsupported = ["concord", "ngrinder"];

    public IEnumerable<Route> Routes =>
    [
        new("/", "POST", SubmitAsync),
        new("/tasks", "GET", ListAsync),
        new(TaskPrefix, "DELETE", StopAsync) { IsPrefix = true },
    ];

    private async Task SubmitAsync(HttpContext context)
    {
        if (await payloads.ReadAsync(context) is not { } payload)
        {
            return;
        }

        using var scope = logger.ForCanary(payload.Canary);
        if (Find(payload, out var problem) is not { } type)
        {
            logger.RequestRefused(context.Request.Path, problem);
            await Answer.TextAsync(context, 400, problem);
            return;
        }

        var request = new TaskRequest(new(payload.Canary, type.Name, payload.Metadata["cmd"]), payload.Run, payload.Hook);
        await type.HandleAsync(request, payload.Metadata, context);
    }

    private ITaskType? Find(HookPayload payload, out string problem)
    {
        problem = "";
        if (payload.Metadata.Count == 0)
        {
            problem = "metadata not found in payload";
            return null;
        }

        var name = payload.Metadata.GetValueOrDefault("type", "cmd");
        var type = types.Find(name);
        if (type is null)
        {
            var what = Unsupported.Contains(name) ? $"task type {name} is not supported by this version" : $"unknown task type {name}";
            problem = $"{what}; use one of: {string.Join(", ", types.Names)}";
        }
        else if (!payload.Metadata.ContainsKey("cmd"))
        {
            problem = "cmd not found in metadata";
            type = null;
        }

        return type;
    }

    private Task ListAsync(HttpContext context)
    {
        var tasks = registry.List().Where(t => namespaces.Allows(t.Request.Key.Canary.Namespace)).Select(t => (JsonNode)t.ToJson());
        return Answer.JsonAsync(context, 200, new JsonObject { ["tasks"] = new JsonArray([.. tasks]) }.ToJsonString(ReadableJson.Options));
    }

    private async Task StopAsync(HttpContext context)
    {
        var id = context.Request.Path.Value![TaskPrefix.Length..];
        var task = registry.Find(id);
        if (task is null || !namespaces.Allows(task.Request.Key.Canary.Namespace))
        {
            await Answer.TextAsync(context, 404, $"task '{id}' is not known; GET /tasks lists the tasks");
        }
        else if (await registry.StopAsync(id))
        {
            using var scope = logger.ForCanary(task.Request.Key.Canary);
            logger.StopAsked(id);
            await Answer.EmptyAsync(context, 202);
        }
        else
        {
            await Answer.TextAsync(context, 409, $"task '{id}' has ended already");
        }
    }
}
