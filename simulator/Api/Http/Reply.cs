using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>An answer: a whole body, or something that writes itself (watches, logs, proxied responses).</summary>
internal sealed record Reply(int Code, string ContentType, ReadOnlyMemory<byte> Body)
{
    public const string JsonType = "application/json";

    public Func<HttpContext, Task>? Stream { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static Reply Json(JsonNode body, int code = StatusCodes.Status200OK) => new(code, JsonType, JsonTree.Bytes(body));

    public static Reply Text(string body, int code = StatusCodes.Status200OK) => new(code, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(body));

    public static Reply Streamed(string contentType, Func<HttpContext, Task> write) => new(StatusCodes.Status200OK, contentType, default) { Stream = write };

    public async Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Code;
        response.ContentType = ContentType;
        foreach (var warning in Warnings)
        {
            var text = warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace('\n', ' ').Replace('\r', ' ');
            response.Headers.Append("Warning", $"299 - \"{text}\"");
        }

        if (Stream is not null)
        {
            await Stream(http);
            return;
        }

        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
