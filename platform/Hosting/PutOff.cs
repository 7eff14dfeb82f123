using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// What a message comes to that met a failure which passes: a delayed copy is sent and the invocation succeeds. The Functions host redelivers a failed message
/// at once, and would bury every message within an outage of twenty seconds. Handlers with better waits of their own leave nothing for this.
/// </summary>
internal static class PutOff
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <summary>Whether trying again later can help.</summary>
    public static bool Helps(Exception error) => error is ClusterException { IsTransient: true } or ClusterException { IsConflict: true };

    /// <summary>The copy, under an id of its own: that of the time it is due.</summary>
    public static QueueMessage Copy(QueueFunction function, Delivered<string> message, DateTimeOffset now)
    {
        var due = now + Wait;
        return new(function.Queue, $"{message.Id.Split('~')[0]}~{due.ToUnixTimeMilliseconds()}", message.Message, due);
    }
}
