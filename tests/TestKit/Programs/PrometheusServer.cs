using System.Globalization;
using System.Net;

namespace CanaryFunctions.TestKit.Programs;

/// <summary>Debian's Prometheus on a loopback port.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private PrometheusServer(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <summary>For tests that pause it or take it away.</summary>
    public ChildProcess Process => _process;

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
            var process = ChildProcess.Start(
                ProgramPath.Get("prometheus"),
                [$"--config.file={configFile}", $"--storage.tsdb.path={DataOf(folder)}", $"--web.listen-address={address}", "--log.level=warn", .. flags],
                Path.Combine(folder, "log"));
            var server = new PrometheusServer(process, port);
            if (await server.IsReadyAsync(http))
            {
                return server;
            }

            var said = process.Tail();
            await server.DisposeAsync();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"prometheus did not become ready: {said}");
            }
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        while (!_process.HasExited && !limit.IsCancellationRequested)
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
