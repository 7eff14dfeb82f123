namespace CanaryFunctions.LoadTester.Flags;

/// <summary>A flag is unknown, malformed or lacks its value; <see cref="IsHelp"/> when the user asked for help instead.</summary>
internal sealed class GoFlagException(string message, bool isHelp = false) : Exception(message)
{
    public bool IsHelp { get; } = isHelp;
}
