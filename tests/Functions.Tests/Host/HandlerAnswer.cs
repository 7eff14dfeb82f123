using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>What the Functions host makes of an answer (contracts/azure-keda.md 1.9).</summary>
/// <param name="IsSuccess">The message is completed; else it comes again.</param>
/// <param name="Logs">Shown beside the invocation; dropped when it failed.</param>
internal sealed record HandlerAnswer(bool IsSuccess, JsonObject Outputs, IReadOnlyList<string> Logs, string Failure)
{
    /// <exception cref="HostRefusesException">The real host would wait for the rest until its function timeout.</exception>
    internal static async Task<HandlerAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
        {
            return Failed($"status {(int)response.StatusCode}");
        }

        var text = await response.Content.ReadAsStringAsync(ct);
        if (text.Trim() is "" or "null")
        {
            throw new HostRefusesException($"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} with '{text}' as body hangs the host until its function timeout");
        }

        if (!IsJson(response.Content.Headers.ContentType))
        {
            return Failed($"UnsupportedMediaType: {response.Content.Headers.ContentType?.ToString() ?? "no content type"}");
        }

        try
        {
            return JsonNode.Parse(text) is JsonObject answer
                ? new(true, Find(answer, "Outputs") as JsonObject ?? [], [.. (Find(answer, "Logs") as JsonArray ?? []).Select(l => l.Text() ?? "")], "")
                : Failed("the answer is no object");
        }
        catch (JsonException e)
        {
            return Failed(e.Message);
        }
    }

    internal static HandlerAnswer Failed(string why) => new(false, [], [], why);

    private static bool IsJson(MediaTypeHeaderValue? type) => type?.MediaType is "application/json" or "text/json";

    private static JsonNode? Find(JsonObject answer, string name) => answer.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
