using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>What only a scheduler and a kubelet ask of the API server.</summary>
public interface INodeApi
{
    /// <summary>Binds a pod to a node.</summary>
    Task BindAsync(JsonObject pod, string node, CancellationToken ct);

    /// <summary>Deletes a pod for good (grace period 0), if it still is this one.</summary>
    Task RemoveAsync(JsonObject pod, CancellationToken ct);
}

/// <summary>The same over HTTP.</summary>
/// <param name="http">With the server's address as base address, its certificate authority and a token.</param>
public sealed class HttpNodeApi(HttpClient http) : INodeApi
{
    public Task BindAsync(JsonObject pod, string node, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = pod.Name(), ["namespace"] = pod.Namespace(), ["uid"] = pod.Uid() },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
        };
        return SendAsync(HttpMethod.Post, $"{PathOf(pod)}/binding", body, ct);
    }

    public Task RemoveAsync(JsonObject pod, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["gracePeriodSeconds"] = 0,
            ["preconditions"] = new JsonObject { ["uid"] = pod.Uid() },
        };
        return SendAsync(HttpMethod.Delete, PathOf(pod), body, ct);
    }

    private static string PathOf(JsonObject pod) => $"api/v1/namespaces/{pod.Namespace()}/pods/{pod.Name()}";

    private async Task SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body.ToJsonString(), null, "application/json") };
        try
        {
            using var response = await http.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode)
            {
                var text = await response.Content.ReadAsStringAsync(ct);
                throw new ClusterException((int)response.StatusCode, "", $"{method} {path}: {(int)response.StatusCode} {text}");
            }
        }
        catch (HttpRequestException e)
        {
            throw new ClusterException(0, "", $"{method} {path}: no answer: {e.Message}", e);
        }
    }
}
