using System.Globalization;
using System.Net.Sockets;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>
/// The app's process as the Functions host keeps it (contracts/azure-keda.md 1.2, 1.3): started, asked every 25 ms until it answers, started again after a
/// failure, but never after exit code 0.
/// </summary>
internal sealed class HandlerProcess : IAsyncDisposable
{
    private const int Restart = 200;
    private const int MostFailures = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly HostFile _file;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<int> _exits = [];
    private ChildProcess _process = null!;
    private Task _exited = Task.CompletedTask;
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _supervising = Task.CompletedTask;
    private int _failures;

    private HandlerProcess(string folder, HostFile file, IReadOnlyDictionary<string, string> settings, HttpClient http)
        => (_folder, _file, _settings, _http) = (folder, file, settings, http);

    internal Uri Address { get; private set; } = null!;

    /// <summary>What its processes have exited with, in order.</summary>
    internal IReadOnlyList<int> Exits => _exits;

    /// <summary>Why the host will not start it again; null while it would.</summary>
    internal string? GivenUp { get; private set; }

    /// <summary>Completes when the process answers, or will not be started again.</summary>
    internal async Task ReadyAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        await _ready.Task.WaitAsync(ct);
        while (_exited.IsCompleted && GivenUp is null)
        {
            await timer.WaitForNextTickAsync(ct);
            await _ready.Task.WaitAsync(ct);
        }
    }

    /// <summary>Waits a moment for the end of a process whose connection broke.</summary>
    internal Task NoticeAsync(CancellationToken ct) => Task.WhenAny(_exited, Task.Delay(NoticeLimit, TimeProvider.System, ct));

    /// <exception cref="HostRefusesException">It did not come up.</exception>
    internal static async Task<HandlerProcess> StartAsync(string folder, HostFile file, IReadOnlyDictionary<string, string> settings, HttpClient http)
    {
        var handler = new HandlerProcess(folder, file, settings, http);
        handler.Launch();
        handler._supervising = handler.SuperviseAsync();
        await handler.ReadyAsync(CancellationToken.None);
        if (handler.GivenUp is { } why)
        {
            await handler.DisposeAsync();
            throw new HostRefusesException(why);
        }

        return handler;
    }

    internal string Log() => _process.Tail(40);

    /// <summary>As a platform that stops the container, or a person who stops the process.</summary>
    internal Task<int> SignalAsync(TimeSpan limit) => _process.StopAsync(limit);

    /// <summary>As a process that dies of itself.</summary>
    internal Task DieAsync() => _process.KillAsync();

    // No signal and no notice: the host kills.
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _process.DisposeAsync();
        await _supervising;
        _stopping.Dispose();
    }

    private void Launch()
    {
        var port = FreePort.Take(1)[0];
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        var environment = new Dictionary<string, string>(_settings)
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
            ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "worker-1",
            ["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}",
            ["FUNCTIONS_HTTPWORKER_ID"] = "worker-1",
            ["FUNCTIONS_APP_ROOT_PATH"] = _folder,
        };
        _process = ChildProcess.Start(_file.Executable, _file.Arguments, Path.Combine(_file.WorkingDirectory, $"handler-{port}.log"), environment);
        _exited = _process.Exited;
    }

    private async Task SuperviseAsync()
    {
        try
        {
            while (GivenUp is null)
            {
                if (await AnswersAsync())
                {
                    _ready.TrySetResult();
                    await _exited.WaitAsync(_stopping.Token);
                }

                GivenUp = Judge(_exited.IsCompleted ? _process.ExitCode : null);
                if (GivenUp is null)
                {
                    _ready = _ready.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _ready;
                    await _process.DisposeAsync();
                    Launch();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host ends.
        }

        _ready.TrySetResult();
    }

    /// <summary>Any HTTP answer counts; only a connection that is refused means "not yet".</summary>
    private async Task<bool> AnswersAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(_file.InitializationTimeout);
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (!_exited.IsCompleted)
            {
                try
                {
                    using var answer = await _http.GetAsync(Address, limit.Token);
                    return true;
                }
                catch (HttpRequestException e) when (e.InnerException is SocketException)
                {
                    await timer.WaitForNextTickAsync(limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Nothing within the time for it.
        }

        return false;
    }

    /// <param name="exit">Null for a process that is there but does not answer.</param>
    private string? Judge(int? exit)
    {
        _exits.Add(exit ?? -1);
        return exit switch
        {
            0 => $"exit code 0 is never restarted: all functions stay broken. It wrote:\n{Log()}",
            Restart => null,
            _ => ++_failures < MostFailures ? null : $"{_failures} failures, the last with exit code {exit}. It wrote:\n{Log()}",
        };
    }
}
