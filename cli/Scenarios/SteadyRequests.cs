using System.Net;

namespace CanaryFunctions.Cli.Scenarios;

/// <summary>Asks the application for a path from inside the cluster, at a steady rate, until disposed of: a guide's <c>hey</c> or <c>watch curl</c>.</summary>
internal sealed class SteadyRequests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly PeriodicTimer _timer;
    private readonly Task _running;

    private SteadyRequests(Uri proxy, Uri url, double perSecond, TimeProvider time)
    {
        _http = new(new SocketsHttpHandler { Proxy = new WebProxy(proxy), UseProxy = true });

        // A timer cannot fire faster than every few milliseconds, so each time sends several.
        var batch = Math.Max(1, (int)Math.Round(perSecond / 100));
        _timer = new PeriodicTimer(TimeSpan.FromSeconds(batch / perSecond), time);
        _running = RunAsync(url, batch);
    }

    /// <param name="proxy">Of the namespace in which they are sent.</param>
    internal static SteadyRequests Start(Uri proxy, Uri url, double perSecond, TimeProvider time) => new(proxy, url, perSecond, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _timer.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Uri url, int batch)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => AskAsync(url)));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private async Task AskAsync(Uri url)
    {
        try
        {
            using var response = await _http.GetAsync(url, _stop.Token);
        }
        catch (HttpRequestException)
        {
            // Whoever gets no answer asks again, as the guides' loops do; what the application made of it is in its metrics.
        }
    }
}
