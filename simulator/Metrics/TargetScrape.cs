using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>One target: its requests, and the series that it had at its last scrape.</summary>
internal sealed class TargetScrape(
    ScrapeTarget target, TimeSeriesStore store, HttpClient http, TimeProvider time, ILogger logger, TimeSpan timeout)
{
    private readonly Labels _labels = target.AllLabels;
    private HashSet<Labels> _previous = [];
    private Task _running = Task.CompletedTask;
    private bool? _up;

    /// <summary>Starts a scrape unless one is still running; the task is that of the scrape that runs.</summary>
    public Task StartAsync(long nowMs, CancellationToken ct)
    {
        if (_running.IsCompleted)
        {
            _running = ScrapeAsync(nowMs, ct);
        }

        return _running;
    }

    /// <summary>Ends all series of the target, after the scrape that may still be running.</summary>
    public async Task EndAsync(long nowMs)
    {
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Forget(_previous, nowMs);
        if (_up is not null)
        {
            Forget(["up", "scrape_duration_seconds", "scrape_samples_scraped"], nowMs);
        }
    }

    private async Task ScrapeAsync(long nowMs, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var samples = new List<ExpositionSample>();
        var up = false;
        try
        {
            samples = ExpositionParser.Parse(await FetchAsync(ct));
            up = true;
        }
        catch (Exception e) when (e is HttpRequestException or ExpositionException or IOException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // A target that does not answer is a fact to record (up = 0), not an error of the scraper.
            if (_up is not false)
            {
                logger.TargetDown(target.Url, e);
            }
        }

        if (up && _up is false)
        {
            logger.TargetUp(target.Url);
        }

        _up = up;
        store.AppendTogether(() =>
        {
            Keep(samples, nowMs);
            Report("up", up ? 1 : 0, nowMs);
            Report("scrape_duration_seconds", time.GetElapsedTime(started).TotalSeconds, nowMs);
            Report("scrape_samples_scraped", samples.Count, nowMs);
        });
    }

    private async Task<string> FetchAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Url);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("text/plain;version=0.0.4"));
        using var response = await http.SendAsync(request, both.Token);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(both.Token);
    }

    private void Keep(List<ExpositionSample> samples, long nowMs)
    {
        var seen = new HashSet<Labels>();
        foreach (var sample in samples)
        {
            var labels = Attach(sample.Labels);
            if (seen.Add(labels))
            {
                store.Append(labels, sample.TimestampMs ?? nowMs, sample.Value);
            }
        }

        _previous.ExceptWith(seen);
        Forget(_previous, nowMs);
        _previous = seen;
    }

    /// <summary>Adds the target's labels. Where the target itself exposes one of them, that one moves to <c>exported_*</c>.</summary>
    private Labels Attach(Labels exposed)
    {
        var moved = exposed.Pairs.Select(pair => _labels[pair.Key].Length > 0 ? KeyValuePair.Create($"exported_{pair.Key}", pair.Value) : pair);
        return Labels.From(moved.Concat(_labels.Pairs));
    }

    private void Report(string name, double value, long nowMs) => store.Append(_labels.With(Labels.MetricName, name), nowMs, value);

    private void Forget(IEnumerable<Labels> ended, long nowMs)
    {
        foreach (var labels in ended)
        {
            store.AppendStale(labels, nowMs);
        }
    }

    private void Forget(IEnumerable<string> reported, long nowMs) => Forget(reported.Select(name => _labels.With(Labels.MetricName, name)), nowMs);
}
