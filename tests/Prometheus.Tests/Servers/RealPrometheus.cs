using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Prometheus.Tests.Servers;

/// <summary>A Prometheus which scrapes nothing and holds the recorded history.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private static readonly TimeSpan ImportLimit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-prometheus-");
    private PrometheusServer? _server;

    public Uri Address => _server?.Address ?? throw new InvalidOperationException("prometheus has not started.");

    /// <exception cref="InvalidOperationException">One of the two programs failed; the message has what it wrote.</exception>
    public static async Task<RealPrometheus> StartAsync(IReadOnlyList<HistorySeries> history)
    {
        var prometheus = new RealPrometheus();
        try
        {
            await prometheus.ImportAsync(history);
            prometheus._server = await PrometheusServer.StartAsync(
                prometheus._home.FullName, "global: {}\n", "--storage.tsdb.retention.time=100y", "--web.enable-remote-write-receiver");
            await prometheus.AppendAsync(history);
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
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
            ProgramPath.Get("promtool"),
            ["tsdb", "create-blocks-from", "openmetrics", "--quiet", text, PrometheusServer.DataOf(_home.FullName)],
            Path.Combine(_home.FullName, "promtool.log"));
        await promtool.Exited.WaitAsync(ImportLimit, TimeProvider.System);
        if (promtool.ExitCode != 0)
        {
            throw new InvalidOperationException($"promtool exited with {promtool.ExitCode}: {promtool.Tail()}");
        }
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
