using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Http;

/// <summary>
/// Tells what an API server says when it cannot pass a call on (<c>v1.Status</c>: no endpoints, nobody listens, no such Service, no right to it) from what the
/// Service itself answered.
/// </summary>
internal static class ProxyAnswer
{
    // Before 1.22 a Service that could not be connected to was reported in plain text.
    private const string OldText = "Error trying to reach service: ";

    // Priority and fairness answers so, before anybody has looked at the request.
    private const string Throttled = "Too many requests, please try again later.";

    /// <summary>The API server's own words; null when the answer is the Service's.</summary>
    public static string? Refusal(int status, string body)
    {
        if (status < 400)
        {
            return null;
        }

        if ((status == 503 && body.StartsWith(OldText, StringComparison.Ordinal)) || (status == 429 && body.Trim() == Throttled))
        {
            return body.Trim();
        }

        // A Service may well speak of things of its own in the same form.
        return Parse(body) is { } said && said.Text("kind") == "Status" && said.Text("apiVersion") == "v1" && said.Text("status") == "Failure"
            && said.Integer("code") == status && said.Text("details", "kind") is null or "services" or "namespaces"
            ? said.Text("message") is { Length: > 0 } message ? message : $"status {status}"
            : null;
    }

    /// <exception cref="NoWayException">It is the API server's answer, and not the Service's.</exception>
    public static HttpAnswer OfService(HttpAnswer answer)
        => Refusal(answer.Status, answer.Body) is { } said ? throw new NoWayException(said, answer.Status is 429 or >= 500) : answer;

    private static JsonObject? Parse(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // An API server's own answer is always whole.
        }
    }
}
