using System.Globalization;
using System.Net;
using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Prometheus.Tests.Servers;

/// <summary>Debian's Prometheus on a loopback port, which scrapes nothing and holds the recorded history.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-prometheus-");
    private ChildProcess? _process;

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    private string Log => Path.Combine(_home.FullName, "log");

    /// <exception cref="InvalidOperationException">One of the two programs failed; the message has what it wrote.</exception>
    public static async Task<RealPrometheus> StartAsync(IReadOnlyList<HistorySeries> history)
    {
        var server = new RealPrometheus();
        try
        {
            await server.ImportAsync(history);
            await server.ServeAsync();
            await server.AppendAsync(history);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _home.Delete(recursive: true);
    }

    private async Task ImportAsync(IReadOnlyList<HistorySeries> history)
    {
        var text = Path.Combine(_home.FullName, "history.om");
        await using (var file = new StreamWriter(text))
        {
            OpenMetricsText.Write(file, history, beforeMs: RecordedHistory.TailMs);
        }

        await using var promtool = ChildProcess.Start(
            ProgramPath.Get("promtool"), ["tsdb", "create-blocks-from", "openmetrics", "--quiet", text, Path.Combine(_home.FullName, "data")], Log);
        await promtool.Exited.WaitAsync(StartLimit, TimeProvider.System);
        if (promtool.ExitCode != 0)
        {
            throw new InvalidOperationException($"promtool exited with {promtool.ExitCode}: {promtool.Tail()}");
        }
    }

    private async Task ServeAsync()
    {
        var config = Path.Combine(_home.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {}\n");
        using var http = new HttpClient();
        for (var attempt = 1; ; attempt++)
        {
            // It cannot be told to take a free port, and somebody may be quicker.
            var port = FreePort.Take(1)[0].ToString(CultureInfo.InvariantCulture);
            Address = new Uri($"http://127.0.0.1:{port}");
            _process = ChildProcess.Start(
                ProgramPath.Get("prometheus"),
                [
                    $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(_home.FullName, "data")}", $"--web.listen-address=127.0.0.1:{port}",
                    "--storage.tsdb.retention.time=100y", "--web.enable-remote-write-receiver", "--log.level=warn",
                ],
                Log);
            if (await IsReadyAsync(http, _process))
            {
                return;
            }

            var said = _process.Tail();
            await _process.DisposeAsync();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"prometheus did not become ready: {said}");
            }
        }
    }

    private async Task<bool> IsReadyAsync(HttpClient http, ChildProcess process)
    {
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        while (!process.HasExited && !limit.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "/-/ready"), limit.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return false;
    }

    private async Task AppendAsync(IReadOnlyList<HistorySeries> history)
    {
        using var http = new HttpClient();
        using var body = new ByteArrayContent(RemoteWriteBody.Of(history, fromMs: RecordedHistory.TailMs));
        body.Headers.Add("Content-Type", "application/x-protobuf");
        body.Headers.Add("Content-Encoding", "snappy");
        body.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using var answer = await http.PostAsync(new Uri(Address, "/api/v1/write"), body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"prometheus refused the last ten minutes: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
