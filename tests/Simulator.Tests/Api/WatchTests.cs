using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class WatchTests : ApiTest
{
    protected override void Configure(ApiServerOptions options) => options.HistoryLimit = 20;

    [Fact]
    public async Task Watch_WithoutVersion_StartsWithWhatThereIs()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a"));
        var events = await WatchAsync($"{ConfigMaps}?watch=true", _ => true);

        Show(events).ShouldBe(["ADDED a"]);
    }

    [Fact]
    public async Task Watch_FromAVersion_ReplaysWhatCameAfter()
    {
        var made = await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        await PatchAsync($"{ConfigMaps}/a", """{"data":{"k":"2"}}""");
        await CreateAsync(ConfigMaps, ConfigMap("b"));
        await DeleteAsync($"{ConfigMaps}/a");
        var events = await WatchAsync($"{ConfigMaps}?watch=true&resourceVersion={(string?)made["metadata"]!["resourceVersion"]}", e => (string?)e["type"] == "DELETED");

        Show(events).ShouldBe(["MODIFIED a", "ADDED b", "DELETED a"]);
    }

    [Fact]
    public async Task Watch_LiveChanges_ArriveAsTheyHappen()
    {
        var watching = WatchAsync($"{ConfigMaps}?watch=true&resourceVersion=0", e => (string?)e["object"]!["metadata"]!["name"] == "later");
        await CreateAsync(ConfigMaps, ConfigMap("later"));

        Show(await watching).ShouldBe(["ADDED later"]);
    }

    [Fact]
    public async Task Watch_TooOldVersion_GetsAnErrorEventWithGone()
    {
        var made = await CreateAsync(ConfigMaps, ConfigMap("a"));
        for (var i = 0; i < 25; i++)
        {
            await PatchAsync($"{ConfigMaps}/a", $$$"""{"data":{"k":"{{{i}}}"}}""");
        }

        var events = await WatchAsync($"{ConfigMaps}?watch=true&resourceVersion={(string?)made["metadata"]!["resourceVersion"]}", _ => true);

        ((string?)events[0]["type"], (int)events[0]["object"]!["code"]!, (string?)events[0]["object"]!["reason"]).ShouldBe(("ERROR", 410, "Expired"));
    }

    [Fact]
    public async Task Watch_LabelSelector_TurnsChangesIntoAddsAndDeletes()
    {
        var version = (string?)(await CreateAsync(ConfigMaps, ConfigMap("a")))["metadata"]!["resourceVersion"];
        await PatchAsync($"{ConfigMaps}/a", """{"metadata":{"labels":{"x":"1"}}}""");
        await PatchAsync($"{ConfigMaps}/a", """{"data":{"k":"1"}}""");
        await PatchAsync($"{ConfigMaps}/a", """{"metadata":{"labels":{"x":null}}}""");
        var events = await WatchAsync($"{ConfigMaps}?watch=true&labelSelector=x%3D1&resourceVersion={version}", e => (string?)e["type"] == "DELETED");

        Show(events).ShouldBe(["ADDED a", "MODIFIED a", "DELETED a"]);
    }

    [Fact]
    public async Task Watch_FieldSelectorOnName_SeesOneObjectOnly()
    {
        var version = (string?)(await CreateAsync(ConfigMaps, ConfigMap("a")))["metadata"]!["resourceVersion"];
        await CreateAsync(ConfigMaps, ConfigMap("b"));
        await CreateAsync(ConfigMaps, ConfigMap("c"));
        var events = await WatchAsync($"{ConfigMaps}?watch=true&fieldSelector=metadata.name%3Dc&resourceVersion={version}", _ => true);

        Show(events).ShouldBe(["ADDED c"]);
    }

    [Fact]
    public async Task Watch_AsTable_NamesColumnsOnce()
    {
        var version = (string?)(await CreateAsync(ConfigMaps, ConfigMap("a")))["metadata"]!["resourceVersion"];
        await CreateAsync(ConfigMaps, ConfigMap("b"));
        await CreateAsync(ConfigMaps, ConfigMap("c"));
        var seen = 0;
        var events = await WatchAsync($"{ConfigMaps}?watch=true&resourceVersion={version}", _ => ++seen == 2, "application/json;as=Table;v=v1;g=meta.k8s.io");

        events.Select(e => e["object"]!["columnDefinitions"]!.AsArray().Count).ShouldBe([3, 0]);
        ((string?)events[1]["object"]!["rows"]![0]!["cells"]![0]).ShouldBe("c");
    }

    [Fact]
    public async Task Watch_MetadataOnly_HasNoContent()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        var events = await WatchAsync($"{ConfigMaps}?watch=true", _ => true, "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");

        ((string?)events[0]["object"]!["kind"]).ShouldBe("PartialObjectMetadata");
        events[0]["object"]!.AsObject().ContainsKey("data").ShouldBeFalse();
    }

    [Fact]
    public async Task Watch_SendInitialEvents_EndsThemWithABookmark()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a"));
        var events = await WatchAsync($"{ConfigMaps}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan", e => (string?)e["type"] == "BOOKMARK");

        ((string?)events[^1]["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]).ShouldBe("true");
        events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_WhenTheServerStops_EndsCleanly()
    {
        await using var server = await ApiServer.StartAsync(new ApiServerOptions(), CancellationToken.None);
        using var client = server.CreateClient();
        using var response = await client.GetAsync(new Uri("/api/v1/namespaces?watch=true&resourceVersion=1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Deadline);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Deadline));
        await server.DisposeAsync();

        while (await reader.ReadLineAsync(Deadline) is { } line)
        {
            line.ShouldStartWith("{\"type\":\"ADDED\"");
        }
    }

    [Fact]
    public async Task Watch_WhoseClientIsBehind_WhenTheServerStops_EndsBetweenTwoEvents()
    {
        // More than all buffers on the way hold, so that a write is under way when the server stops.
        for (var i = 0; i < 40; i++)
        {
            await CreateAsync(ConfigMaps, ConfigMap($"big{i}", ("text", new string('x', 400_000))));
        }

        using var response = await Client.GetAsync(new Uri($"{ConfigMaps}?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Deadline);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Deadline));
        await reader.ReadLineAsync(Deadline);
        var stopping = Server.DisposeAsync().AsTask();

        var lines = 1;
        while (await reader.ReadLineAsync(Deadline) is { } line)
        {
            lines++;
            line.ShouldEndWith("}}");
        }

        await stopping;
        lines.ShouldBeLessThan(40, "the server does not wait for all of them");
    }

    private static IEnumerable<string> Show(IEnumerable<JsonObject> events)
        => events.Select(e => $"{(string?)e["type"]} {(string?)e["object"]!["metadata"]!["name"]}");
}
