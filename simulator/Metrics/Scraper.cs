using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>
/// Scrapes targets over HTTP into a store, as Prometheus does: adds <c>up</c> and the target's labels, and marks series as ended when
/// they disappear from a scrape, when a scrape fails, and when their target has gone.
/// </summary>
/// <param name="targets">The targets of now; asked before every round.</param>
/// <param name="store">Where the samples go, with wall-clock times.</param>
/// <param name="http">Sends the requests; its owner disposes of it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when a target goes down or comes back.</param>
/// <param name="options">Interval, speed, timeout.</param>
public sealed class Scraper(
    Func<IReadOnlyList<ScrapeTarget>> targets,
    TimeSeriesStore store,
    HttpClient http,
    TimeProvider time,
    ILogger<Scraper> logger,
    ScraperOptions? options = null)
{
    private readonly ScraperOptions _options = options ?? new ScraperOptions();
    private readonly Dictionary<ScrapeTarget, TargetScrape> _scrapes = [];

    /// <summary>Scrapes until cancelled, then returns. The first round starts at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Interval or speed is not above 0.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.Speed);
        using var timer = new PeriodicTimer(_options.Interval / _options.Speed, time);
        var rounds = new List<Task>();
        try
        {
            do
            {
                // A slow target must not delay the others' next sample, so a round is not waited for.
                rounds.Add(ScrapeOnceAsync(ct));
                foreach (var finished in rounds.FindAll(round => round.IsCompleted))
                {
                    rounds.Remove(finished);
                    await finished;
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Cancelling is how scraping ends; what is still under way ends with it.
            await Task.WhenAll(rounds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// One round: starts a scrape of every target that is not still being scraped, and ends the series of targets that have
    /// gone. The task ends with the last of them. Rounds may overlap but must be started one after the other.
    /// </summary>
    public Task ScrapeOnceAsync(CancellationToken ct)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var current = targets().ToHashSet();
        var work = new List<Task>();
        foreach (var (target, scrape) in _scrapes.Where(entry => !current.Contains(entry.Key)).ToList())
        {
            _scrapes.Remove(target);
            work.Add(scrape.EndAsync(nowMs));
        }

        foreach (var target in current)
        {
            if (!_scrapes.TryGetValue(target, out var scrape))
            {
                _scrapes[target] = scrape = new TargetScrape(target, store, http, time, logger, _options.Timeout);
            }

            work.Add(scrape.StartAsync(nowMs, ct));
        }

        return Task.WhenAll(work);
    }
}
