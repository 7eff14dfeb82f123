using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public class KubernetesClientWatchTests
{
    private const string EmptyList = """{"metadata":{"resourceVersion":"10"},"items":[]}""";

    private static string Change(string type, string name, int version)
        => $$$$"""{"type":"{{{{type}}}}","object":{"metadata":{"name":"{{{{name}}}}","resourceVersion":"{{{{version}}}}"}}}""" + "\n";

    private static bool IsWatch(ApiStub.Asked asked) => asked.Path.Contains("watch=true", StringComparison.Ordinal);

    /// <summary>Answers lists and watches from scripts; the last entry repeats.</summary>
    private static ApiStub Script(string[] lists, Func<HttpResponseMessage>[] watches)
    {
        var (list, watch) = (0, 0);
        return new ApiStub(asked => IsWatch(asked)
            ? watches[Math.Min(watch++, watches.Length - 1)]()
            : ApiStub.Json(lists[Math.Min(list++, lists.Length - 1)]));
    }

    private static async Task<List<string>> TakeAsync(ApiStub stub, int count, ListOptions? options = null)
    {
        using var client = stub.Client();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        var seen = new List<string>();
        await foreach (var change in client.WatchAsync(Kinds.Canary, "test", options ?? new ListOptions(), limit.Token))
        {
            seen.Add(change.Object is { } obj ? $"{change.Type} {obj.Name()}" : $"{change.Type}");
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    [Fact]
    public async Task Watch_Starts_WithTheListAndFollowsFromIt()
    {
        using var stub = Script(
            ["""{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"name":"a"}}]}"""],
            [() => ApiStub.Json(Change("ADDED", "b", 11) + Change("MODIFIED", "a", 12) + Change("DELETED", "b", 13))]);

        var seen = await TakeAsync(stub, 6);

        seen.ShouldBe(["Reset", "Added a", "Synced", "Added b", "Modified a", "Deleted b"]);
        stub.Lines.Last().ShouldBe(
            "GET /apis/flagger.app/v1beta1/namespaces/test/canaries?watch=true&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=290");
    }

    [Fact]
    public async Task Watch_StreamEnds_ResumesAfterTheLastChange()
    {
        using var stub = Script([EmptyList], [() => ApiStub.Json(Change("ADDED", "a", 11)), () => ApiStub.Json(Change("ADDED", "b", 12))]);

        (await TakeAsync(stub, 4)).ShouldBe(["Reset", "Synced", "Added a", "Added b"]);

        stub.Lines.Where(l => l.Contains("watch=true", StringComparison.Ordinal)).Last().ShouldContain("resourceVersion=11&");
    }

    [Fact]
    public async Task Watch_Bookmark_MovesTheResumePointAndIsNotShown()
    {
        using var stub = Script([EmptyList], [() => ApiStub.Json(Change("BOOKMARK", "", 40)), () => ApiStub.Json(Change("ADDED", "b", 41))]);

        (await TakeAsync(stub, 3)).ShouldBe(["Reset", "Synced", "Added b"]);

        stub.Lines.Last().ShouldContain("resourceVersion=40&");
    }

    [Fact]
    public async Task Watch_LineIsCutOff_ResumesBeforeIt()
    {
        using var stub = Script([EmptyList], [() => ApiStub.Json(Change("ADDED", "a", 11) + """{"type":"ADD"""), () => ApiStub.Json(Change("ADDED", "b", 12))]);

        (await TakeAsync(stub, 4)).ShouldBe(["Reset", "Synced", "Added a", "Added b"]);
    }

    [Fact]
    public async Task Watch_GoneInTheStream_ListsAnew()
    {
        using var stub = Script(
            [EmptyList, """{"metadata":{"resourceVersion":"50"},"items":[{"metadata":{"name":"new"}}]}"""],
            [
                () => ApiStub.Json("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""" + "\n"),
                () => ApiStub.Json(Change("ADDED", "c", 51)),
            ]);

        (await TakeAsync(stub, 6)).ShouldBe(["Reset", "Synced", "Reset", "Added new", "Synced", "Added c"]);

        stub.Lines.Last().ShouldContain("resourceVersion=50&");
    }

    [Fact]
    public async Task Watch_GoneAsAnswer_ListsAnew()
    {
        using var stub = Script([EmptyList], [() => ApiStub.Status(410, "Expired", "too old"), () => ApiStub.Json(Change("ADDED", "a", 11))]);

        (await TakeAsync(stub, 5)).ShouldBe(["Reset", "Synced", "Reset", "Synced", "Added a"]);
    }

    [Fact]
    public async Task Watch_ServerAwayForAWhile_GoesOn()
    {
        using var stub = Script(
            [EmptyList],
            [
                () => throw new HttpRequestException(HttpRequestError.ConnectionError),
                () => ApiStub.Json("no", 503),
                () => ApiStub.Json("no", 429),
                () => ApiStub.Json(Change("ADDED", "a", 11)),
            ]);

        (await TakeAsync(stub, 3)).ShouldBe(["Reset", "Synced", "Added a"]);
    }

    [Fact]
    public async Task Watch_Forbidden_Throws()
    {
        using var stub = Script([EmptyList], [() => ApiStub.Status(403, "Forbidden", "canaries are forbidden")]);

        (await Should.ThrowAsync<ClusterException>(() => TakeAsync(stub, 3))).Message.ShouldBe("canaries are forbidden");
    }

    [Fact]
    public async Task Watch_MetadataOnly_AsksForIt()
    {
        using var stub = Script([EmptyList], [() => ApiStub.Json(Change("ADDED", "a", 11))]);

        await TakeAsync(stub, 3, new ListOptions(MetadataOnly: true));

        stub.Requests[0].Accept.ShouldContain("as=PartialObjectMetadataList");
        stub.Requests[^1].Accept.ShouldContain("as=PartialObjectMetadata;");
    }

    [Fact]
    public async Task Watch_OverRealConnection_ShowsChangesAsTheyCome()
    {
        var second = new TaskCompletionSource();
        await using var server = await FakeServer.StartAsync(async context =>
        {
            if (context.Request.QueryString.Value!.Contains("watch=true", StringComparison.Ordinal))
            {
                await Send(Change("ADDED", "a", 11));
                await second.Task;
                await Send(Change("ADDED", "b", 12));
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            await Send(EmptyList);

            async Task Send(string text)
            {
                await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
                await context.Response.Body.FlushAsync();
            }
        });
        using var client = new Platform.Kubernetes.KubernetesClient(new Platform.Kubernetes.KubeConnection(server.Url), TimeProvider.System);
        var names = new List<string>();

        await foreach (var change in client.WatchAsync(Kinds.Canary, null, new ListOptions(), default))
        {
            if (change.Object is { } obj)
            {
                names.Add(obj.Name());
                second.TrySetResult();   // "b" is sent only after "a" was seen: nothing waits for a full buffer
            }

            if (names.Count == 2)
            {
                break;
            }
        }

        names.ShouldBe(["a", "b"]);
    }
}
