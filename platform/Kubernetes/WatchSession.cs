using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Follows one list: opens the stream, resumes after it broke, says when a new list is needed. For one reader.</summary>
internal sealed class WatchSession(
    ApiCaller caller, KubernetesClientOptions options, TimeProvider time, ResourceKind kind, string? ns, ListOptions what) : IDisposable
{
    /// <summary>How much longer than agreed a stream may live before it counts as dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>A stream that lasted this long was no failure, even if nothing happened on it.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(5);

    private string _resourceVersion = "";
    private HttpResponseMessage? _response;
    private StreamReader? _reader;
    private CancellationTokenSource? _deadline;
    private long _openedAt;
    private int _failures;

    /// <summary>Continue from a list that was true at this resourceVersion.</summary>
    public void StartAt(string resourceVersion)
    {
        Close();
        _resourceVersion = resourceVersion;
    }

    /// <summary>The next change; null when the server no longer knows what came after the last one, so that only a new list helps.</summary>
    /// <exception cref="ClusterException">The server refuses for good: forbidden, kind no longer served.</exception>
    public async Task<WatchEvent?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            if (_reader is null && !await OpenAsync(ct))
            {
                await BackOffAsync(ct);   // a server that forgets faster than it lists must not be asked without a pause
                return null;
            }

            if (await ReadAsync(ct) is not { } change)
            {
                await ReopenLaterAsync(ct);
                continue;
            }

            if (change.Text("type") == "ERROR")
            {
                // 410 Gone mostly; whatever else it is, this stream is over, and a new list puts it right.
                Close();
                await BackOffAsync(ct);
                return null;
            }

            if (Accept(change) is { } accepted)
            {
                _failures = 0;
                return accepted;
            }
        }
    }

    /// <summary>Waits after a failure, longer each time until a change arrives.</summary>
    public Task BackOffAsync(CancellationToken ct) => Task.Delay(caller.Delay(_failures++), time, ct);

    public void Dispose() => Close();

    private WatchEvent? Accept(JsonObject change)
    {
        if (change["object"] is not JsonObject obj)
        {
            return null;
        }

        if (obj.ResourceVersion() is { Length: > 0 } version)
        {
            _resourceVersion = version;
        }

        WatchEventType? type = change.Text("type") switch
        {
            "ADDED" => WatchEventType.Added,
            "MODIFIED" => WatchEventType.Modified,
            "DELETED" => WatchEventType.Deleted,
            _ => null,   // BOOKMARK: only its resourceVersion counts
        };
        change.Remove("object");
        return type is null ? null : new WatchEvent(type.Value, ListReader.Named(obj, kind));
    }

    /// <summary>False for 410.</summary>
    private async Task<bool> OpenAsync(CancellationToken ct)
    {
        while (true)
        {
            _deadline = new CancellationTokenSource(options.WatchTimeout + Grace, time);
            _openedAt = time.GetTimestamp();
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _deadline.Token);
                var path = ApiPaths.Watch(kind, ns, what, _resourceVersion, options.WatchTimeout);
                _response = await caller.OpenAsync(path, ApiPaths.AcceptFor(what, watch: true), either.Token);
                _reader = new StreamReader(await _response.Content.ReadAsStreamAsync(either.Token), Encoding.UTF8);
                return true;
            }
            catch (ClusterException e) when (e.StatusCode == 410)
            {
                Close();
                return false;
            }
            catch (Exception e) when (e is ClusterException { IsTransient: true } or IOException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                Close();
                await BackOffAsync(ct);
            }
        }
    }

    /// <summary>One line of the stream; null when the stream is over.</summary>
    private async Task<JsonObject?> ReadAsync(CancellationToken ct)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _deadline!.Token);
            var line = await _reader!.ReadLineAsync(either.Token);

            // A line that is no JSON was cut off by the end of the connection.
            return line is null ? null : ApiAnswer.Parse(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception e) when (ApiCaller.IsNoAnswer(e) || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task ReopenLaterAsync(CancellationToken ct)
    {
        Close();
        if (time.GetElapsedTime(_openedAt) >= Healthy)
        {
            _failures = 0;
        }
        else
        {
            await BackOffAsync(ct);
        }
    }

    private void Close()
    {
        _reader?.Dispose();
        _response?.Dispose();
        _deadline?.Dispose();
        (_reader, _response, _deadline) = (null, null, null);
    }
}
