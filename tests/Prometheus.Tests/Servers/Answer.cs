using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Prometheus.Tests.Servers;

/// <summary>
/// What a server says to an instant query: the type of error, or elements by their labels, each with its numbers (times of a range vector among them).
/// A scalar is one element without labels.
/// </summary>
internal sealed record Answer(int Status, string? ErrorType, string? ResultType, IReadOnlyList<AnswerElement> Elements, string Text)
{
    public bool IsEmpty => Elements.Count == 0;

    public static async Task<Answer> AskAsync(HttpClient http, Uri server, string query, long atMs, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("query", query), KeyValuePair.Create("time", (atMs / 1000.0).ToString("F3", CultureInfo.InvariantCulture))]);
        using var reply = await http.PostAsync(new Uri(server, "/api/v1/query"), form, ct);
        return Read((int)reply.StatusCode, await reply.Content.ReadAsStringAsync(ct));
    }

    private static Answer Read(int status, string text)
    {
        var body = JsonNode.Parse(text);
        var type = body.Text("data", "resultType");
        var elements = type switch
        {
            null => [],
            "scalar" or "string" => [new AnswerElement("", [body.At("data", "result")![1].Text()!])],
            _ => body.ListAt("data", "result").Select(Element).ToList(),
        };
        return new(status, body.Text("errorType"), type, elements, text);
    }

    private static AnswerElement Element(JsonNode element)
    {
        var labels = string.Join(", ", (element.ObjectAt("metric") ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value.Text()}"));
        var points = element["value"] is JsonArray one ? [one[1].Text()!] : element.ListAt("values").SelectMany(v => (string[])[v[0]!.ToJsonString(), v[1].Text()!]);
        return new(labels, [.. points]);
    }
}

internal sealed record AnswerElement(string Labels, IReadOnlyList<string> Values);
