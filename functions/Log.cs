using CanaryFunctions.Core;

namespace CanaryFunctions.Functions;

internal static class Log
{
    /// <summary>Set once, on every line that is logged inside: the key that log filters look for.</summary>
    /// <param name="cluster">As in the message; null is not shown.</param>
    public static IDisposable? ForCanary(this ILogger logger, CanaryKey canary, string? cluster)
    {
        var name = new KeyValuePair<string, object>("canary", canary.ToString());
        return logger.BeginScope(cluster is null ? new[] { name } : [name, new("cluster", cluster)]);
    }

    /// <summary>The same for what is about a cluster as a whole.</summary>
    public static IDisposable? ForCluster(this ILogger logger, string cluster)
        => logger.BeginScope(new[] { new KeyValuePair<string, object>("cluster", cluster) });
}
