using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues;

/// <summary>How a pump calls its handler.</summary>
public sealed record QueuePumpOptions
{
    /// <summary>Handlers at the same time. Default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>For one call of the handler; must be shorter than the in-process queue's visibility timeout, and than other queues renew their locks. Wall clock, default 2 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Wait before the second delivery of a message that failed; doubles up to a minute. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Messages with the same key are handled one after the other; null where that does not matter.</summary>
    public Func<QueueMessage, string>? Partition { get; init; }
}
