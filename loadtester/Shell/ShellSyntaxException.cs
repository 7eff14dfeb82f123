namespace CanaryFunctions.LoadTester.Shell;

/// <summary>A command line whose quotes do not end.</summary>
internal sealed class ShellSyntaxException(string message) : Exception(message);
