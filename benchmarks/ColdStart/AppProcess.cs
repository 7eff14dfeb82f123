using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace CanaryFunctions.Benchmarks.ColdStart;

/// <summary>The published app as the Functions host starts it, and asked more often than every 25 ms.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    // As the host encodes a queue message: JSON in a JSON string in JSON.
    private static readonly byte[] Step = Encoding.UTF8.GetBytes(
        """{"Data":{"step":"\"{\\\"namespace\\\":\\\"test\\\",\\\"name\\\":\\\"podinfo\\\",\\\"cause\\\":\\\"sweep\\\"}\""},"Metadata":{"DeliveryCount":"1","MessageId":"\"m-1\""}}""");

    private readonly Process _process;
    private readonly HttpClient _http;

    private AppProcess(Process process, int port)
    {
        _process = process;
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")) };
    }

    /// <summary>Resident set, in bytes.</summary>
    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it; returns with its first answer.</summary>
    public static async Task<AppProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(folder, "CanaryFunctions.Functions"))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var app = new AppProcess(process, port);
        while (true)
        {
            try
            {
                using var answer = await app._http.GetAsync(new Uri("", UriKind.Relative), ct);
                return app;
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException && !process.HasExited)
            {
                await Task.Delay(Interval, TimeProvider.System, ct);
            }
            catch (HttpRequestException e)
            {
                await app.DisposeAsync();
                throw new InvalidOperationException($"the app did not start: {errors}", e);
            }
        }
    }

    /// <summary>One step of the guide's Canary.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        using var content = new ByteArrayContent(Step);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(new Uri("AdvanceRollout", UriKind.Relative), content, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
