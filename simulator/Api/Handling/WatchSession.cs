using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Printing;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>One running watch: a JSON line an event, flushed at once.</summary>
internal sealed class WatchSession(ApiCall call, ObjectQuery query, ObjectForm form, ConversionService conversion, TablePrinter printer, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BookmarkBeforeEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);
    private readonly HttpResponse _response = call.Http.Response;
    private bool _columnsSent;

    public Task FailAsync(ApiError error) => WriteAsync("ERROR", error.ToStatus(), call.Aborted);

    public async Task RunAsync(StoreWatch watch, IReadOnlyList<StoredObject> start, long version, CancellationToken stopping)
    {
        using var subscription = watch;
        var wanted = call.Number("timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : Longest;
        using var limit = new CancellationTokenSource(wanted, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, call.Aborted, stopping);
        await _response.StartAsync(call.Aborted);
        await _response.Body.FlushAsync(call.Aborted);
        try
        {
            foreach (var item in start.Where(query.Matches))
            {
                await SendAsync("ADDED", item, end.Token);
            }

            if (call.Flag("sendInitialEvents"))
            {
                await BookmarkAsync(version, true, end.Token);
            }

            using var soon = new CancellationTokenSource(wanted - BookmarkBeforeEnd > TimeSpan.Zero ? wanted - BookmarkBeforeEnd : Timeout.InfiniteTimeSpan, time);
            await FollowAsync(watch, version, soon.Token, end.Token);
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            // The agreed time is over, or the server stops: a clean end.
        }
    }

    private async Task FollowAsync(StoreWatch watch, long version, CancellationToken soon, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(BookmarkEvery, time);
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var lastBookmark = soon.Register(last.SetResult);
        var tick = timer.WaitForNextTickAsync(ct).AsTask();
        var ending = last.Task;
        var more = watch.Events.WaitToReadAsync(ct).AsTask();
        while (true)
        {
            var first = await Task.WhenAny(more, tick, ending);
            if (first == ending)
            {
                ending = new TaskCompletionSource().Task; // it comes once
                await BookmarkAsync(version, false, ct);
                continue;
            }

            if (first == tick && await tick)
            {
                await BookmarkAsync(version, false, ct);
                tick = timer.WaitForNextTickAsync(ct).AsTask();
                continue;
            }

            if (!await more)
            {
                return;
            }

            while (watch.Events.TryRead(out var change))
            {
                version = change.Object.Version;
                await OnChangeAsync(change, ct);
            }

            more = watch.Events.WaitToReadAsync(ct).AsTask();
        }
    }

    /// <summary>An object that starts to match is added, one that stops is deleted, whatever happened to it.</summary>
    private Task OnChangeAsync(StoreEvent change, CancellationToken ct)
    {
        var before = change.Previous is { } previous && query.Matches(previous);
        var after = change.Change != ChangeKind.Deleted && query.Matches(change.Object);
        return (before, after) switch
        {
            (false, true) => SendAsync("ADDED", change.Object, ct),
            (true, true) => SendAsync("MODIFIED", change.Object, ct),
            (true, false) => SendAsync("DELETED", change.Change == ChangeKind.Deleted ? change.Object : Last(change), ct),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>What the watcher last knew of an object that it no longer selects, under the version of the change.</summary>
    private static StoredObject Last(StoreEvent change)
    {
        var last = change.Previous!.Json.Copy();
        last.Ensure("metadata")["resourceVersion"] = $"{change.Object.Version}";
        return change.Object with { Json = last };
    }

    private async Task SendAsync(string type, StoredObject item, CancellationToken ct)
    {
        JsonObject json;
        try
        {
            json = await conversion.ConvertAsync(item.Json, call.Type, call.Type.ApiVersion, ct);
        }
        catch (ApiError e)
        {
            await FailAsync(e);
            return;
        }

        await WriteAsync(type, Render(json), ct);
    }

    private async Task BookmarkAsync(long version, bool initial, CancellationToken ct)
    {
        if (!call.Flag("allowWatchBookmarks"))
        {
            return;
        }

        var metadata = new JsonObject { ["resourceVersion"] = $"{version}", ["creationTimestamp"] = null };
        if (initial)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var mark = new JsonObject { ["kind"] = call.Type.Kind, ["apiVersion"] = call.Type.ApiVersion, ["metadata"] = metadata };
        if (form is ObjectForm.Table or ObjectForm.BetaTable)
        {
            mark = printer.Table(call.Type, [], "None", $"{version}", form);
        }
        else if (form == ObjectForm.Metadata)
        {
            mark = MetadataView.Of(mark);
        }

        await WriteAsync("BOOKMARK", mark, ct);
    }

    private JsonObject Render(JsonObject item)
    {
        if (form is ObjectForm.Full or ObjectForm.Metadata)
        {
            return form == ObjectForm.Metadata ? MetadataView.Of(item) : item.Copy();
        }

        var table = printer.Table(call.Type, [item], ReadHandler.Include(call), item.Str("metadata", "resourceVersion") ?? "", form);
        if (_columnsSent)
        {
            // Only the first event names the columns, as in the real server.
            table["columnDefinitions"] = new JsonArray();
        }

        _columnsSent = true;
        return table;
    }

    // A write that is cancelled costs the connection, and with it what was written before: the end of a watch never cancels one, it comes between two.
    private async Task WriteAsync(string type, JsonObject body, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var line = new JsonObject { ["type"] = type, ["object"] = body };
        await _response.Body.WriteAsync((byte[])[.. JsonTree.Bytes(line), (byte)'\n'], call.Aborted);
        await _response.Body.FlushAsync(call.Aborted);
    }
}
