using CanaryFunctions.Core;

namespace CanaryFunctions.Functions;

internal static class Log
{
    /// <summary>Set once, on every line that is logged inside: the key that log filters look for.</summary>
    public static IDisposable? ForCanary(this ILogger logger, CanaryKey canary)
        => logger.BeginScope(new[] { new KeyValuePair<string, object>("canary", canary.ToString()) });
}
