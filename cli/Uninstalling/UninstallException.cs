namespace CanaryFunctions.Cli.Uninstalling;

/// <summary>What is left, why, and what to do about it.</summary>
internal sealed class UninstallException(string message) : Exception(message);
