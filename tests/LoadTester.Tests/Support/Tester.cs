using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CanaryFunctions.LoadTester.Gates;
using CanaryFunctions.LoadTester.Shell;

namespace CanaryFunctions.LoadTester.Tests.Support;

/// <summary>A running load tester with a client, its log lines at hand.</summary>
internal sealed class Tester : IAsyncDisposable
{
    private readonly LoadTesterServer _server;

    private Tester(LoadTesterServer server, ConcurrentQueue<JsonObject> log)
    {
        _server = server;
        Log = log;
        Client = new() { BaseAddress = server.Address };
    }

    public HttpClient Client { get; }

    public Uri Address => _server.Address;

    public ConcurrentQueue<JsonObject> Log { get; }

    public IEnumerable<string> Messages => Log.Select(l => (string?)l["msg"] ?? "");

    public static async Task<Tester> StartAsync(
        string namespaces = "",
        TimeSpan? timeout = null,
        Func<string, string?>? findTool = null,
        double speed = 1,
        Uri? proxy = null,
        GateStore? gates = null)
    {
        var log = new ConcurrentQueue<JsonObject>();
        var server = await LoadTesterServer.StartAsync(
            new()
            {
                LogSink = line => log.Enqueue(JsonNode.Parse(line)!.AsObject()),
                NamespaceRegexp = namespaces,
                TaskTimeout = timeout ?? TimeSpan.FromMinutes(1),
                FindTool = findTool ?? PathSearch.Find,
                Speed = speed,
                HttpProxy = proxy,
                Gates = gates ?? new(),
            },
            CancellationToken.None);
        return new(server, log);
    }

    /// <summary>A machine without any programs.</summary>
    public static string? NoTools(string name) => null;

    /// <summary>This machine, but for one program.</summary>
    public static Func<string, string?> Without(string missing) => name => name == missing ? null : PathSearch.Find(name);

    public async Task<(int Status, string Body)> SendAsync(string path, string? body, string method = "POST")
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            // What curl -d says.
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        }

        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<(int Status, string Body)> SubmitAsync(string? type, string command, string run = "", params (string Key, string Value)[] metadata)
        => SendAsync("/", Payload(type, command, run, metadata));

    public static string Payload(string? type, string command, string run = "", params (string Key, string Value)[] metadata)
    {
        var values = new JsonObject { ["cmd"] = command };
        if (type is not null)
        {
            values["type"] = type;
        }

        foreach (var (key, value) in metadata)
        {
            values[key] = value;
        }

        var payload = new JsonObject { ["name"] = "podinfo", ["namespace"] = "test", ["phase"] = "Progressing", ["metadata"] = values };
        if (run.Length > 0)
        {
            payload["run"] = run;
        }

        return payload.ToJsonString();
    }

    public async Task<JsonArray> TasksAsync() => JsonNode.Parse(await Client.GetStringAsync("/tasks"))!["tasks"]!.AsArray();

    /// <summary>Waits for something that another thread does; fails after ten seconds.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        var time = TimeProvider.System;
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < TimeSpan.FromSeconds(10);)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }

        throw new TimeoutException($"{what}: not within 10 s.");
    }

    /// <summary>The first listed task in that state.</summary>
    public Task<JsonNode> TaskInStateAsync(string state)
        => EventuallyAsync(async () => (await TasksAsync()).FirstOrDefault(t => (string?)t!["state"] == state), $"a task {state}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
