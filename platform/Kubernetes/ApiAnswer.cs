using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>What the API server answered to one request.</summary>
/// <param name="Asked">Method and path, for messages.</param>
internal sealed record ApiAnswer(string Asked, int Status, byte[] Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsNotFound => Status == 404;

    public bool IsThrottled => Status == 429;

    /// <summary>The server failed; whether it did what it was asked is unknown.</summary>
    public bool IsServerError => Status >= 500;

    /// <summary>The body of a success.</summary>
    /// <exception cref="ClusterException">The server refused, or the body is no JSON object.</exception>
    public JsonObject Object()
    {
        if (!IsSuccess)
        {
            throw Error();
        }

        return Parse(Body) ?? throw new ClusterException(0, "InvalidAnswer", $"{Asked}: the answer is not a JSON object.");
    }

    /// <summary>The refusal, in the server's own words where it has any.</summary>
    public ClusterException Error()
    {
        var status = Parse(Body);
        var message = status.Text("message");
        if (status.Text("kind") == "Status" && message is { Length: > 0 })
        {
            return new ClusterException(Status, status.Text("reason") ?? "", message);
        }

        return new ClusterException(Status, "", $"{Asked}: HTTP {Status.ToString(CultureInfo.InvariantCulture)} {(HttpStatusCode)Status} {Excerpt()}".TrimEnd());
    }

    internal static JsonObject? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            // Proxies and load balancers answer in HTML or plain text; the caller says so.
            return null;
        }
    }

    private string Excerpt()
    {
        var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 200))).Trim();
        return text.StartsWith('<') ? "" : text.ReplaceLineEndings(" ");
    }
}
