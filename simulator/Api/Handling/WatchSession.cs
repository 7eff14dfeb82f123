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

            await FollowAsync(watch, version, end.Token);
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            // The agreed time is over, or the server stops: a clean end.
        }
    }

    private async Task FollowAsync(StoreWatch watch, long version, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(BookmarkEvery, time);
        var tick = timer.WaitForNextTickAsync(ct).AsTask();
        var more = watch.Events.WaitToReadAsync(ct).AsTask();
        while (true)
        {
            if (await Task.WhenAny(more, tick) == tick && await tick)
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
            (true, false) => SendAsync("DELETED", change.Object, ct),
            _ => Task.CompletedTask,
        };
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
        if (form == ObjectForm.Table)
        {
            mark = printer.Table(call.Type, [], "None", $"{version}");
        }
        else if (form == ObjectForm.Metadata)
        {
            mark = MetadataView.Of(mark);
        }

        await WriteAsync("BOOKMARK", mark, ct);
    }

    private JsonObject Render(JsonObject item)
    {
        if (form != ObjectForm.Table)
        {
            return form == ObjectForm.Metadata ? MetadataView.Of(item) : item.Copy();
        }

        var table = printer.Table(call.Type, [item], ReadHandler.Include(call), item.Str("metadata", "resourceVersion") ?? "");
        if (_columnsSent)
        {
            // Only the first event names the columns, as in the real server.
            table["columnDefinitions"] = new JsonArray();
        }

        _columnsSent = true;
        return table;
    }

    private async Task WriteAsync(string type, JsonObject body, CancellationToken ct)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = body };
        await _response.Body.WriteAsync((byte[])[.. JsonTree.Bytes(line), (byte)'\n'], ct);
        await _response.Body.FlushAsync(ct);
    }
}
