using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>A namespace of its own on a server, and the transcript of what is asked there.</summary>
internal sealed class ApiProbe(HttpClient http, string ns, ReviewServer reviews)
{
    internal const string Merge = "application/merge-patch+json";
    internal const string Strategic = "application/strategic-merge-patch+json";
    internal const string JsonPatch = "application/json-patch+json";
    internal const string Apply = "application/apply-patch+yaml";
    internal const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Transcript _transcript = new(ns);

    internal string Namespace { get; } = ns;

    internal ReviewServer Reviews { get; } = reviews;

    internal string Transcript => _transcript.ToString();

    internal static JsonObject Yaml(string text) => (JsonObject)YamlText.Read(text)!;

    /// <summary>A line of the transcript.</summary>
    internal void Say(string line) => _transcript.Add(line.TrimEnd());

    /// <summary>A line with the answer's fields, by their paths; a field that is missing is a dash.</summary>
    internal void Show(Answer answer, params string[] paths) => Show(answer.Json, paths);

    internal void Show(JsonNode? node, params string[] paths) => Say("  " + string.Join(", ", paths.Select(p => $"{p}={Text(node, p)}")));

    /// <summary>A line for each writer with the fields that it owns. By name: a server goes by their times, whose seconds may or may not be the same.</summary>
    internal void ShowOwners(Answer answer)
    {
        var owners = (Answer.Field(answer.Json, "metadata/managedFields") as JsonArray ?? [])
            .Select(o => $"  {(string?)o!["manager"]} by {(string?)o["operation"]}: {Text(o, "fieldsV1")}");
        foreach (var owner in owners.Order(StringComparer.Ordinal))
        {
            Say(owner);
        }
    }

    /// <summary>The words of a failure.</summary>
    internal void ShowMessage(Answer answer) => Say(answer.Code < 300 ? "  no failure" : $"  {(string?)answer.Json["message"]}");

    internal Task<Answer> GetAsync(string path, string accept = "application/json") => TellAsync(HttpMethod.Get, path, accept: accept);

    internal Task<Answer> PostAsync(string path, string yaml) => TellAsync(HttpMethod.Post, path, Body(path, Yaml(yaml)));

    internal Task<Answer> PutAsync(string path, JsonObject body) => TellAsync(HttpMethod.Put, path, Body(path, body));

    internal Task<Answer> PatchAsync(string path, string yaml, string type = Merge) => TellAsync(HttpMethod.Patch, path, YamlText.Read(yaml)!.ToJsonString(), type);

    internal Task<Answer> DeleteAsync(string path, string? options = null)
        => TellAsync(HttpMethod.Delete, path, options is null ? null : Yaml(options).ToJsonString());

    /// <summary>A server-side apply: the body gets its kind, and the name that the path ends with.</summary>
    internal Task<Answer> ApplyAsync(string path, string manager, string yaml, bool force = false)
    {
        var body = JsonNode.Parse(Body(path, Yaml(yaml)))!;
        var name = path.Split('/')[1];
        (body["metadata"] ??= new JsonObject())["name"] = name;
        return TellAsync(HttpMethod.Patch, $"{path}?fieldManager={manager}{(force ? "&force=true" : "")}", body.ToJsonString(), Apply);
    }

    /// <summary>Any request; a line tells of it, and what is wrong with it.</summary>
    internal async Task<Answer> TellAsync(HttpMethod method, string path, string? body = null, string type = "application/json", string accept = "application/json", string user = "")
    {
        var answer = await SendAsync(method, path, body, type, accept, user);
        Say($"{method} {path} {answer.Code}{Problem(answer)}");
        return answer;
    }

    /// <summary>Creates what must be creatable, without a line.</summary>
    internal async Task<JsonObject> MakeAsync(string path, string yaml)
    {
        var answer = await SendAsync(HttpMethod.Post, path, Body(path, Yaml(yaml)));
        answer.Code.ShouldBe(201, $"{path}: {answer.Text}");
        return answer.Json;
    }

    /// <summary>Reads what must be there, without a line.</summary>
    internal async Task<JsonObject> ReadAsync(string path)
    {
        var answer = await SendAsync(HttpMethod.Get, path);
        answer.Code.ShouldBe(200, $"{path}: {answer.Text}");
        return answer.Json;
    }

    /// <summary>Changes what must be changeable, without a line.</summary>
    internal async Task<JsonObject> ChangeAsync(string path, string yaml, string type = Merge)
    {
        var answer = await SendAsync(HttpMethod.Patch, path, YamlText.Read(yaml)!.ToJsonString(), type);
        answer.Code.ShouldBe(200, $"{path}: {answer.Text}");
        return answer.Json;
    }

    /// <summary>Waits until the answer satisfies, for what a server does on its own.</summary>
    internal async Task<Answer> UntilAsync(string path, Func<Answer, bool> satisfied)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var answer = await SendAsync(HttpMethod.Get, path);
            if (satisfied(answer))
            {
                return answer;
            }

            (TimeProvider.System.GetUtcNow() < deadline).ShouldBeTrue($"{path} stays as it is: {answer.Text}");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    /// <summary>Waits until the object is gone, and says so.</summary>
    internal async Task GoneAsync(string path)
    {
        await UntilAsync(path, a => a.Code == 404);
        Say($"{path} is gone");
    }

    /// <summary>The events of a watch until the server ends it, each with a line; fields by their paths.</summary>
    internal async Task<IReadOnlyList<JsonObject>> WatchAsync(string path, params string[] fields)
    {
        var answer = await SendAsync(HttpMethod.Get, path);
        var events = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (JsonObject)JsonNode.Parse(l)!).ToList();
        var lines = events.Select(e => $"  {(string?)e["type"]} {string.Join(", ", fields.Select(f => $"{f}={Text(e["object"], f)}"))}").ToList();

        // What there is at the start comes in any order, and bookmarks as often as the server likes.
        var replays = path.Contains("resourceVersion=", StringComparison.Ordinal) && !path.EndsWith("resourceVersion=0", StringComparison.Ordinal);
        if (!replays)
        {
            lines.Sort(StringComparer.Ordinal);
        }

        foreach (var line in lines.Where((l, i) => i == 0 || l != lines[i - 1] || !l.StartsWith("  BOOKMARK", StringComparison.Ordinal)))
        {
            Say(line);
        }

        return events;
    }

    internal async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json", string accept = "application/json", string user = "")
    {
        var answer = await AskAsync(method, path, body, type, accept, user);
        if (answer.Code is 200 or 201 && Written.By(method, path, answer) is { } written)
        {
            await AskAsync(HttpMethod.Get, written);
        }

        return answer;
    }

    private async Task<Answer> AskAsync(HttpMethod method, string path, string? body = null, string type = "application/json", string accept = "application/json", string user = "")
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var request = new HttpRequestMessage(method, new Uri(Resources.Expand(path, Namespace), UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("User-Agent", "conformance/1.0");
        if (user.Length > 0)
        {
            request.Headers.Add("Impersonate-User", user);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        using var response = await http.SendAsync(request, limit.Token);
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsStringAsync(limit.Token));
    }

    private static string Body(string path, JsonObject body)
    {
        if (Resources.KindOf(path) is { } known)
        {
            body["apiVersion"] ??= known.Version;
            body["kind"] ??= known.Kind;
        }

        return body.ToJsonString();
    }

    private static string Text(JsonNode? node, string path)
    {
        var field = Answer.Field(node, path);
        if (path.EndsWith("fieldsV1", StringComparison.Ordinal))
        {
            field = WithoutDots(field);
        }

        return path.EndsWith("resourceVersion", StringComparison.Ordinal) ? Conformance.Transcript.Version((string?)field)
            : Sorted(field)?.ToJsonString(Plain) ?? "-";
    }

    /// <summary>Fields without the marks of the maps around them: which of several writers holds those, nobody relies on.</summary>
    private static JsonNode? WithoutDots(JsonNode? fields) => fields is not JsonObject map ? fields
        : new JsonObject(map.Where(m => m.Key != ".").Select(m => KeyValuePair.Create(m.Key, WithoutDots(m.Value?.DeepClone()))));

    /// <summary>Keys in order, so that servers may write them in any.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static string Problem(Answer answer)
    {
        if (answer.Code < 300)
        {
            return "";
        }

        if (!answer.Text.StartsWith('{'))
        {
            return $" {answer.Text.Trim()}";
        }

        var causes = Answer.Field(answer.Json, "details/causes") as JsonArray ?? [];
        return string.Create(CultureInfo.InvariantCulture, $" {(string?)answer.Json["reason"]}")
            + string.Concat(causes.Select(c => $"\n  cause {(string?)c!["reason"]} {(string?)c["field"]}").Distinct().Order(StringComparer.Ordinal));
    }
}
