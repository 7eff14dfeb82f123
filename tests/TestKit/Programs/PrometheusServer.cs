using System.Globalization;
using System.Net;

namespace CanaryFunctions.TestKit.Programs;

/// <summary>Debian's Prometheus on a loopback port.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly Func<ChildProcess> _start;

    private PrometheusServer(Func<ChildProcess> start, int port) => (_start, Process, Port) = (start, start(), port);

    public int Port { get; }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <summary>For tests that pause it or take it away.</summary>
    public ChildProcess Process { get; private set; }

    /// <summary>Where a server of this folder keeps its blocks.</summary>
    public static string DataOf(string folder) => Path.Combine(folder, "data");

    /// <param name="folder">The caller's. Gets the configuration, the log and, unless they are there already, the data.</param>
    /// <param name="config">Text of the configuration file.</param>
    /// <param name="flags">Further command line flags.</param>
    /// <exception cref="InvalidOperationException">It did not become ready; the message has what it wrote.</exception>
    public static async Task<PrometheusServer> StartAsync(string folder, string config, params string[] flags)
    {
        var configFile = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configFile, config);
        using var http = new HttpClient();
        for (var attempt = 1; ; attempt++)
        {
            // It cannot be told to take a free port, and somebody may be quicker.
            var port = FreePort.Take(1)[0];
            var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
            var server = new PrometheusServer(
                () => ChildProcess.Start(
                    ProgramPath.Get("prometheus"),
                    [$"--config.file={configFile}", $"--storage.tsdb.path={DataOf(folder)}", $"--web.listen-address={address}", "--log.level=warn", .. flags],
                    Path.Combine(folder, "log")),
                port);
            if (await server.IsReadyAsync(http))
            {
                return server;
            }

            var said = server.Process.Tail();
            await server.DisposeAsync();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"prometheus did not become ready: {said}");
            }
        }
    }

    /// <summary>Ends it, if it still runs, and starts it again on the same port with the data that it had.</summary>
    /// <exception cref="InvalidOperationException">It did not become ready; the message has what it wrote.</exception>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        Process = _start();
        using var http = new HttpClient();
        if (!await IsReadyAsync(http))
        {
            throw new InvalidOperationException($"prometheus did not become ready again: {Process.Tail()}");
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        while (!Process.HasExited && !limit.IsCancellationRequested)
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
}
