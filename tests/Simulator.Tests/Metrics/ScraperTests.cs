using System.Net;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.PromQl;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class ScraperTests : IDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSeries.Epoch));
    private readonly TimeSeriesStore _store = new();
    private readonly StubServer _server = new();
    private readonly HttpClient _http;
    private readonly List<ScrapeTarget> _targets = [ScrapeTarget.At("pod-a:9898", ("job", "pods"), ("kubernetes_pod_name", "pod-a"))];

    public ScraperTests() => _http = new HttpClient(_server);

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Scrape_OfATarget_AddsItsLabels_AndUp()
    {
        _server.Answers["pod-a:9898"] = () => "# TYPE c counter\nc{code=\"200\"} 5\n";
        await Scraper().ScrapeOnceAsync(CancellationToken.None);
        Elements("c").ShouldBe(["c{code=\"200\", instance=\"pod-a:9898\", job=\"pods\", kubernetes_pod_name=\"pod-a\"} 5"]);
        Elements("up").ShouldBe(["up{instance=\"pod-a:9898\", job=\"pods\", kubernetes_pod_name=\"pod-a\"} 1"]);
        Elements("scrape_samples_scraped").Single().ShouldEndWith(" 1");
    }

    [Fact]
    public async Task Scrape_OfAConflictingLabel_KeepsItAsExported()
    {
        _server.Answers["pod-a:9898"] = () => "c{job=\"mine\"} 5\n";
        await Scraper().ScrapeOnceAsync(CancellationToken.None);
        Elements("c").Single().ShouldStartWith("c{exported_job=\"mine\", instance=\"pod-a:9898\", job=\"pods\"");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("text")]
    [InlineData("refused")]
    public async Task Scrape_ThatFails_IsDown_AndEndsTheSeries(string failure)
    {
        var scraper = Scraper();
        _server.Answers["pod-a:9898"] = () => "c 5\n";
        await scraper.ScrapeOnceAsync(CancellationToken.None);
        _server.Answers["pod-a:9898"] = () => failure switch
        {
            "status" => null,
            "text" => "c five\n",
            _ => throw new HttpRequestException("refused"),
        };
        _time.Advance(TimeSpan.FromSeconds(5));
        await scraper.ScrapeOnceAsync(CancellationToken.None);
        Elements("c").ShouldBeEmpty();
        Elements("up").Single().ShouldEndWith(" 0");
    }

    [Fact]
    public async Task Series_ThatIsNoLongerExposed_Ends_WhileOthersGoOn()
    {
        var scraper = Scraper();
        _server.Answers["pod-a:9898"] = () => "c{x=\"1\"} 5\nc{x=\"2\"} 5\n";
        await scraper.ScrapeOnceAsync(CancellationToken.None);
        _server.Answers["pod-a:9898"] = () => "c{x=\"2\"} 6\n";
        _time.Advance(TimeSpan.FromSeconds(5));
        await scraper.ScrapeOnceAsync(CancellationToken.None);
        Elements("c").Single().ShouldEndWith("x=\"2\"} 6");
    }

    [Fact]
    public async Task Target_ThatIsGone_EndsWithAllItsSeries()
    {
        var scraper = Scraper();
        _server.Answers["pod-a:9898"] = () => "c 5\n";
        await scraper.ScrapeOnceAsync(CancellationToken.None);
        _targets.Clear();
        _time.Advance(TimeSpan.FromSeconds(5));
        await scraper.ScrapeOnceAsync(CancellationToken.None);
        Elements("{__name__=~\".+\"}").ShouldBeEmpty();
    }

    [Fact]
    public async Task SlowTarget_TimesOut_WithoutHoldingUpTheOthers()
    {
        var scraper = Scraper(new ScraperOptions { Timeout = TimeSpan.FromSeconds(2) });
        _targets.Add(ScrapeTarget.At("pod-b:9898"));
        _server.Answers["pod-a:9898"] = () => "c 5\n";
        _server.Hangs.Add("pod-b:9898");
        var round = scraper.ScrapeOnceAsync(CancellationToken.None);
        Elements("c").Count.ShouldBe(1);
        round.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        await round.WaitAsync(TimeSpan.FromSeconds(5));
        Elements("up{instance=\"pod-b:9898\"}").Single().ShouldEndWith(" 0");
    }

    [Fact]
    public async Task Run_AtSpeedTwenty_ScrapesEveryTwentiethOfTheInterval_UntilCancelled()
    {
        var scrapes = new SemaphoreSlim(0);
        _server.Answers["pod-a:9898"] = () =>
        {
            scrapes.Release();
            return "c 5\n";
        };
        using var stop = new CancellationTokenSource();
        var run = Scraper(new ScraperOptions { Interval = TimeSpan.FromSeconds(5), Speed = 20 }).RunAsync(stop.Token);
        for (var i = 0; i < 4; i++)
        {
            (await scrapes.WaitAsync(TimeSpan.FromSeconds(5))).ShouldBeTrue();
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(5));
        var times = _store.Select([new LabelMatcher(Labels.MetricName, MatchOperator.Equal, "c")]).Single().Range(0, long.MaxValue);
        times.Take(4).Select(point => point.TimeMs - TestSeries.Epoch).ShouldBe([0, 250, 500, 750]);
    }

    private Scraper Scraper(ScraperOptions? options = null) =>
        new(() => [.. _targets], _store, _http, _time, NullLogger<Scraper>.Instance, options);

    private List<string> Elements(string query) =>
        [.. ((VectorValue)new PromQlEngine(_store).Instant(query, _time.GetUtcNow().ToUnixTimeMilliseconds())).Samples.Select(s => $"{s.Labels} {s.Value}")];

    private sealed class StubServer : HttpMessageHandler
    {
        /// <summary>Text by authority; null answers 500.</summary>
        public Dictionary<string, Func<string?>> Answers { get; } = [];

        public HashSet<string> Hangs { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var authority = request.RequestUri!.Authority;
            if (Hangs.Contains(authority))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            request.RequestUri.AbsolutePath.ShouldBe("/metrics");
            return Answers[authority]() is { } text
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) }
                : new HttpResponseMessage(HttpStatusCode.InternalServerError);
        }
    }
}
