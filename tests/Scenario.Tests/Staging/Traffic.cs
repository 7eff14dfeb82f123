using System.Collections.Concurrent;
using System.Net;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Users of the application: requests through the gateway, at a steady rate until disposed of.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Uri _url;
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private int _sent;

    private Traffic(Uri gateway, string path, int perSecond)
    {
        _url = new(gateway, path);
        _timer = new(TimeSpan.FromSeconds(1.0 / perSecond), TimeProvider.System);
        _running = RunAsync();
    }

    /// <summary>Answers other than 200, and requests without one.</summary>
    internal IReadOnlyCollection<string> Failures => _failures;

    internal int Sent => Volatile.Read(ref _sent);

    internal static Traffic Start(Uri gateway, string path = "", int perSecond = 100) => new(gateway, path, perSecond);

    /// <summary>Sends so many requests at once and gives each answer's body.</summary>
    internal static async Task<IReadOnlyList<string>> SampleAsync(Uri gateway, string path, int count)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var answers = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, ct) =>
        {
            using var request = Request(new(gateway, path));
            using var response = await http.SendAsync(request, ct);
            answers.Add(response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(ct) : $"{(int)response.StatusCode}");
        });
        return [.. answers];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _timer.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var open = new List<Task>();
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                open.RemoveAll(t => t.IsCompletedSuccessfully);
                open.Add(AskAsync());
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(open); // each request gets its answer
        }
    }

    private async Task AskAsync()
    {
        Interlocked.Increment(ref _sent);
        try
        {
            using var request = Request(_url);
            using var response = await _http.SendAsync(request, CancellationToken.None);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                _failures.Enqueue($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            }
        }
        catch (HttpRequestException e)
        {
            _failures.Enqueue(e.Message);
        }
    }

    private static HttpRequestMessage Request(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = Stage.Host;
        return request;
    }
}
