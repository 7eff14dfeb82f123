using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Api.Writing;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>Subresources of pods: log, binding, eviction.</summary>
internal sealed class PodHandler(ObjectStore store, WriteHandler writes, ApiServerOptions options)
{
    public Reply Log(ApiCall call)
    {
        var pod = store.Find(call.Type.StorageKey, call.Namespace, call.Name) ?? throw ApiError.NotFound(call.Type, call.Name);
        var containers = pod.Json.Arr("spec", "containers").Objects().Select(c => c.Str("name")).ToList();
        if (call.Query("container") is { Length: > 0 } wanted && !containers.Contains(wanted))
        {
            throw ApiError.BadRequest($"container {wanted} is not valid for pod {call.Name}");
        }

        if (call.Flag("previous"))
        {
            throw ApiError.BadRequest($"previous terminated container \"{containers.FirstOrDefault()}\" in pod \"{call.Name}\" not found");
        }

        var query = new PodLogQuery(call.Namespace, call.Name, call.Query("container"), call.Flag("follow"), call.Number("tailLines"), call.Number("sinceSeconds"));
        return Reply.Streamed("text/plain", http => WriteAsync(http, query));
    }

    public async Task<Reply> BindAsync(ApiCall call)
    {
        var (body, _) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        var node = body.Str("target", "name") ?? throw ApiError.BadRequest("target.name: Required value: a binding names the node");
        await writes.ChangeAsync(call, pod =>
        {
            if (pod.Str("spec", "nodeName") is { Length: > 0 } bound)
            {
                throw ApiError.Conflict(call.Type, call.Name, $"pod {call.Name} is already assigned to node \"{bound}\"");
            }

            pod.Ensure("spec")["nodeName"] = node;
            return pod;
        });
        return Reply.Json(Success(), StatusCodes.Status201Created);
    }

    public async Task<Reply> EvictAsync(ApiCall call)
    {
        var (body, _) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        await writes.EvictAsync(call, DeleteOptions.Read(body.Obj("deleteOptions"), call));
        return Reply.Json(Success(), StatusCodes.Status201Created);
    }

    private static JsonObject Success() => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["code"] = StatusCodes.Status201Created,
    };

    private async Task WriteAsync(HttpContext http, PodLogQuery query)
    {
        await http.Response.StartAsync(http.RequestAborted);
        if (options.Logs?.Read(query, http.RequestAborted) is not { } lines)
        {
            return;
        }

        await foreach (var line in lines.WithCancellation(http.RequestAborted))
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}
