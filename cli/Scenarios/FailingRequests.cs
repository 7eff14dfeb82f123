namespace CanaryFunctions.Cli.Scenarios;

/// <summary>Asks the application for errors, at a steady rate, until disposed of: the guide's <c>hey …/status/500</c>.</summary>
internal sealed class FailingRequests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly PeriodicTimer _timer;
    private readonly Task _running;

    private FailingRequests(Uri gateway, string host, double perSecond, TimeProvider time)
    {
        // A timer cannot fire faster than every few milliseconds, so each time sends several.
        var batch = Math.Max(1, (int)Math.Round(perSecond / 100));
        _timer = new PeriodicTimer(TimeSpan.FromSeconds(batch / perSecond), time);
        _running = RunAsync(new Uri(gateway, "status/500"), host, batch);
    }

    internal static FailingRequests Start(Uri gateway, string host, double perSecond, TimeProvider time) => new(gateway, host, perSecond, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _timer.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Uri url, string host, int batch)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => AskAsync(url, host)));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private async Task AskAsync(Uri url, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = host;
        using var response = await _http.SendAsync(request, _stop.Token);
    }
}
