namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>The Functions host would not have this, or would misbehave in silence. The message says what of the app is wrong.</summary>
internal sealed class HostRefusesException(string message, Exception? inner = null) : Exception(message, inner);
