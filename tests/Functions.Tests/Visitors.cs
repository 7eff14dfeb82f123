namespace CanaryFunctions.Functions.Tests;

/// <summary>Users of the application, at a steady rate until disposed of.</summary>
internal sealed class Visitors : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _running;

    internal Visitors(Uri gateway)
    {
        _http.DefaultRequestHeaders.Host = "app.example.com";
        _running = RunAsync(gateway);
    }

    internal int Served { get; private set; }

    internal int Failures { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _running;
        _http.Dispose();
        _leaving.Dispose();
    }

    private async Task RunAsync(Uri gateway)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_leaving.Token))
            {
                using var answer = await _http.GetAsync(gateway, CancellationToken.None);
                _ = answer.IsSuccessStatusCode ? Served++ : Failures++;
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
