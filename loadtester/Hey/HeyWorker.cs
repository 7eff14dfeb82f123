using System.Net;

namespace CanaryFunctions.LoadTester.Hey;

/// <summary>Sends one request after another, paced, and counts what comes back.</summary>
/// <param name="clock">Gives the time since the load began, wall clock.</param>
/// <param name="end">When no further request starts; null: after the worker's share of -n.</param>
internal sealed class HeyWorker(HeyFlags flags, HttpMessageInvoker http, LoadClock clock, TickSchedule schedule, TimeSpan? end, Action<int> answered) : IDisposable
{
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _buffer = new byte[16 * 1024];
    private TickSchedule _schedule = schedule;
    private CancellationTokenSource _timeout = new();

    public HeyStats Stats { get; } = new(flags.Workers);

    public void Dispose() => _timeout.Dispose();

    /// <summary>Ends early, without an error, when stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (var sent = 0; sent < flags.RequestsPerWorker && await MayStartAsync(stop); sent++)
            {
                await SendAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping is how an endless load ends; the report covers what was sent until then.
        }
    }

    /// <summary>Waits for the next tick; false once the load's time is over.</summary>
    private async ValueTask<bool> MayStartAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var due = end is { } last && _schedule.Next > last ? last : _schedule.Next;
        var wait = due - clock.Elapsed;

        // Timers count whole milliseconds. A shorter wait is skipped: the schedule is absolute, so nothing drifts.
        if (_schedule.IsPaced && wait >= ShortestSleep)
        {
            await Task.Delay(wait, clock.Time, stop);
        }

        var now = clock.Elapsed;
        if (end <= now || (end is not null && _schedule.IsPaced && _schedule.Next >= end))
        {
            return false;
        }

        _schedule.Take(now);
        return true;
    }

    private async Task SendAsync(CancellationToken stop)
    {
        if (_timeout.IsCancellationRequested)
        {
            _timeout.Dispose();
            _timeout = new();
        }

        using var request = NewRequest();
        await using var link = stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _timeout);
        _timeout.CancelAfter(flags.Timeout > TimeSpan.Zero ? flags.Timeout : Timeout.InfiniteTimeSpan);
        var started = clock.Elapsed;
        try
        {
            using var response = await http.SendAsync(request, _timeout.Token);
            var headers = clock.Elapsed;
            var bytes = await DrainAsync(response, _timeout.Token);
            Stats.Answered((int)response.StatusCode, headers - started, clock.Elapsed - headers, bytes);
            answered((int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Fail($"no answer within {flags.Timeout.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Fail(e.GetBaseException().Message);
        }
        finally
        {
            _timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private void Fail(string problem)
    {
        Stats.Failed($"{flags.Method} \"{flags.Url}\": {problem}");
        answered(0);
    }

    private HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(flags.Method, flags.Url)
        {
            // Even a GET has content, if empty: hey sends its Content-Type with every method.
            Content = new ByteArrayContent(flags.Body),
            Version = flags.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        foreach (var (name, value) in flags.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (flags.Host is not null)
        {
            request.Headers.TryAddWithoutValidation("Host", flags.Host);
        }

        request.Headers.ConnectionClose = flags.KeepAlive ? null : true;
        return request;
    }

    private async ValueTask<long> DrainAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(_buffer, ct)) > 0)
        {
            total += read;
        }

        return total;
    }
}
