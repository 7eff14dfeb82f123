namespace CanaryFunctions.Functions;

/// <summary>Not all clusters could be swept; the message names those and says why.</summary>
public sealed class FleetSweepException(string message) : Exception(message);
