using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CanaryFunctions.TestKit.Programs;

/// <summary>A server that a test starts and ends, by its own process id; it does not outlive the tests. What it writes goes into a file.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, Process> Running = new();

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _logFile;
    private readonly Task<int> _exit;
    private bool _isDisposed;

    // Whoever runs the tests gives this process little time to end: nothing but the signal.
    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Values)
        {
            process.Kill();
        }
    };

    private ChildProcess(Process process, string logFile)
    {
        Running[process.Id] = process;
        (_process, _logFile) = (process, logFile);
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Id = process.Id;
        _exit = ExitAsync(process);
    }

    public int Id { get; }

    public bool HasExited => _exit.IsCompleted;

    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public int ExitCode => _exit.IsCompleted ? _exit.GetAwaiter().GetResult() : throw new InvalidOperationException($"process {Id} has not ended yet.");

    /// <summary>Completes when it has ended, with its exit code.</summary>
    public Task<int> Exited => _exit;

    /// <param name="logFile">Appended to.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string logFile, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(logFile)!,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process, logFile);
    }

    /// <summary>The end of what it wrote, for messages.</summary>
    public string Tail(int lines = 15)
    {
        using var reader = new StreamReader(new FileStream(_logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join('\n', reader.ReadToEnd().Split('\n').TakeLast(lines));
    }

    /// <summary>SIGKILL, or its like.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _exit;
    }

    /// <summary>SIGTERM, and what it exits with; killed when it takes longer than this.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        Signal(15);
        try
        {
            return await _exit.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return await _exit;
        }
    }

    /// <summary>SIGSTOP: it is there, but does nothing.</summary>
    public void Pause() => Signal(19);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(18);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_exit.IsCompleted)
        {
            await KillAsync();
        }

        // Whoever waits for its end reads the code from here, and not from the process.
        await _exit;
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private static async Task<int> ExitAsync(Process process)
    {
        await process.WaitForExitAsync();
        Running.TryRemove(process.Id, out _);
        return process.ExitCode;
    }

    private void Write(string? line)
    {
        lock (_log)
        {
            if (line is not null && _log.BaseStream.CanWrite)
            {
                _log.WriteLine(line);
            }
        }
    }

    private void Signal(int number)
    {
        if (SendSignal(Id, number) != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"signal {number} could not be sent to process {Id}: error {Marshal.GetLastPInvokeError()}."));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
