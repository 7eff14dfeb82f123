namespace CanaryFunctions.LoadTester.Hey;

/// <summary>A hey command line that cannot run: exit code 1 for a bad combination, 2 for an unknown or malformed flag, 0 when help was asked for.</summary>
internal sealed class HeyUsageException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
