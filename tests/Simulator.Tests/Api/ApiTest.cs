using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Tests.Api;

/// <summary>A server of its own for each test, and short ways to talk to it.</summary>
public abstract class ApiTest : IAsyncLifetime
{
    protected const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    protected const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    protected const string Canaries = "/apis/flagger.app/v1beta1/namespaces/default/canaries";
    protected const string Merge = "application/merge-patch+json";
    protected const string Strategic = "application/strategic-merge-patch+json";
    protected const string JsonPatchType = "application/json-patch+json";
    protected const string Apply = "application/apply-patch+yaml";

    private HttpClient? _client;

    internal ApiServer Server { get; private set; } = null!;

    internal HttpClient Client => _client ??= Server.CreateClient();

    protected static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token;

    public async Task InitializeAsync()
    {
        var options = new ApiServerOptions { InitialObjects = EmbeddedCrds.All() };
        Configure(options);
        Server = await ApiServer.StartAsync(options, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await Server.DisposeAsync();
    }

    protected virtual void Configure(ApiServerOptions options)
    {
    }

    protected static JsonObject Yaml(string text) => (JsonObject)YamlJson.ParseAll(text).Single();

    protected static JsonObject ConfigMap(string name, params (string Key, string Value)[] data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)JsonValue.Create(d.Value)))),
    };

    protected static JsonObject Deployment(string name) => Yaml($$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, labels: {app: {{{name}}}}}
        spec:
          selector: {matchLabels: {app: {{{name}}}}}
          template:
            metadata: {labels: {app: {{{name}}}}}
            spec:
              containers:
              - name: main
                image: app:1
                ports: [{containerPort: 9898}]
                env: [{name: A, value: "1"}, {name: B, value: "2"}]
        """);

    protected static JsonObject Canary(string name) => Yaml($$$"""
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: {name: {{{name}}}}
        spec:
          provider: skipper
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: {{{name}}}}
          service: {port: 80, targetPort: 9898}
          analysis: {interval: 10s, threshold: 10, maxWeight: 50, stepWeight: 5}
        """);

    protected async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", string accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await Client.SendAsync(request, Deadline);
        var text = await response.Content.ReadAsStringAsync(Deadline);
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        return new Answer((int)response.StatusCode, text, response.Content.Headers.ContentType?.ToString() ?? "", warnings);
    }

    protected Task<Answer> GetAsync(string path, string accept = "application/json") => SendAsync(HttpMethod.Get, path, accept: accept);

    protected Task<Answer> PostAsync(string path, JsonObject body) => SendAsync(HttpMethod.Post, path, body.ToJsonString());

    protected Task<Answer> PutAsync(string path, JsonObject body) => SendAsync(HttpMethod.Put, path, body.ToJsonString());

    protected Task<Answer> PatchAsync(string path, string patch, string contentType = Merge) => SendAsync(HttpMethod.Patch, path, patch, contentType);

    protected Task<Answer> DeleteAsync(string path, string? options = null) => SendAsync(HttpMethod.Delete, path, options);

    /// <summary>Creates what must be creatable.</summary>
    protected async Task<JsonObject> CreateAsync(string path, JsonObject body)
    {
        var answer = await PostAsync(path, body);
        answer.Code.ShouldBe(201, answer.Text);
        return answer.Json;
    }

    /// <summary>Follows a watch until the condition holds for an event; events in order.</summary>
    protected async Task<List<JsonObject>> WatchAsync(string path, Func<JsonObject, bool> last, string accept = "application/json")
    {
        var events = new List<JsonObject>();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Deadline);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Deadline));
        while (await reader.ReadLineAsync(Deadline) is { } line)
        {
            events.Add((JsonObject)JsonNode.Parse(line)!);
            if (last(events[^1]))
            {
                break;
            }
        }

        return events;
    }

    /// <summary>Waits, by watching, until the object is gone.</summary>
    protected async Task GoneAsync(string collection, string name)
    {
        var list = await GetAsync($"{collection}?fieldSelector=metadata.name%3D{name}");
        if (list.Json["items"]!.AsArray().Count > 0)
        {
            var version = (string?)list.Json["metadata"]!["resourceVersion"];
            await WatchAsync($"{collection}?watch=true&fieldSelector=metadata.name%3D{name}&resourceVersion={version}", e => (string?)e["type"] == "DELETED");
        }
    }

    /// <summary>What the server answered.</summary>
    protected sealed record Answer(int Code, string Text, string ContentType, IReadOnlyList<string> Warnings)
    {
        public JsonObject Json => JsonNode.Parse(Text, null, new JsonDocumentOptions { MaxDepth = 256 }) as JsonObject ?? throw new InvalidOperationException($"not an object: {Text}");

        public string? Reason => (string?)Json["reason"];

        public string Message => (string?)Json["message"] ?? "";
    }
}
