using System.Collections.Concurrent;
using System.Net;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Users of the application: requests at a steady rate until disposed of.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Audience _audience;
    private readonly string _path;
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private int _sent;

    private Traffic(Audience audience, string path, int perSecond)
    {
        (_audience, _path, _http) = (audience, path, audience.Client());
        _timer = new(TimeSpan.FromSeconds(1.0 / perSecond), TimeProvider.System);
        _running = RunAsync();
    }

    /// <summary>Answers other than 200, and requests without one.</summary>
    internal IReadOnlyCollection<string> Failures => _failures;

    internal int Sent => Volatile.Read(ref _sent);

    internal static Traffic Start(Uri gateway, string path = "", int perSecond = 100) => new(new(gateway), path, perSecond);

    internal static Traffic Start(Audience audience, string path = "", int perSecond = 100) => new(audience, path, perSecond);

    internal static Task<IReadOnlyList<string>> SampleAsync(Uri gateway, string path, int count) => SampleAsync(new Audience(gateway), path, count);

    /// <summary>Sends so many requests at once and gives each answer's body.</summary>
    internal static async Task<IReadOnlyList<string>> SampleAsync(Audience audience, string path, int count)
    {
        using var http = audience.Client();
        var answers = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, ct) =>
        {
            using var request = audience.Request(path);
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
            using var request = _audience.Request(_path);
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
}
