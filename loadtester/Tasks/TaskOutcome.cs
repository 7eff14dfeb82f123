namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>How a command ended. <see cref="Output"/> is standard output and error together, bounded.</summary>
/// <param name="Warning">Something the exit code hides, such as a load that reached nothing.</param>
internal sealed record TaskOutcome(int ExitCode, string Output, string? Warning = null)
{
    /// <summary>A shell's exit code for a program that is not there.</summary>
    public const int NotFound = 127;
}
