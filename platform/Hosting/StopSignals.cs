using System.Runtime.InteropServices;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// Knows whether the process was asked to end. A program whose host stopped by itself, as it does when a background service dies, has failed, although
/// nothing was thrown at it.
/// </summary>
public sealed class StopSignals : IDisposable
{
    /// <summary>The Functions host takes it for a wish to be started again: after 0 it would never start us again, and others count as failures.</summary>
    public const int Restart = 200;

    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _wasAsked;

    public StopSignals()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, _ => _wasAsked = true));
        }
    }

    /// <summary>What to exit with after the host has stopped.</summary>
    /// <param name="isHosted">Whether the Functions host started this process.</param>
    public int ExitCode(bool isHosted) => (_wasAsked, isHosted) switch
    {
        (false, _) => 1,
        (true, true) => Restart,
        (true, false) => 0,
    };

    public void Dispose() => _registrations.ForEach(r => r.Dispose());
}
