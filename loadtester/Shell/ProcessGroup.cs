using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>
/// Starts a program as the leader of a session of its own, so that it can be killed with all its descendants, orphans included.
/// Where <c>setsid</c> is missing only the descendants that still have their parents are found.
/// </summary>
internal sealed class ProcessGroup : IDisposable
{
    private const int SigKill = 9;

    private readonly Process _process;
    private readonly bool _leads;

    private ProcessGroup(Process process, bool leads) => (_process, _leads) = (process, leads);

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public int ExitCode => _process.ExitCode;

    /// <summary>Throws <see cref="System.ComponentModel.Win32Exception"/> when the program cannot be started.</summary>
    public static ProcessGroup Start(string path, IReadOnlyList<string> arguments, string? setsid, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo(setsid ?? path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in setsid is null ? arguments : [path, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var process = new Process { StartInfo = info };
        process.Start();
        process.StandardInput.Close();
        return new(process, setsid is not null);
    }

    public Task WaitForExitAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    public void Kill()
    {
        // The child leads its group only once setsid has run; killed before that it has no descendants yet.
        if ((!_leads || SendSignal(-_process.Id, SigKill) != 0) && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => _process.Dispose();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
