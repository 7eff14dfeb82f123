using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>How Storage queues are used. All durations are wall clock.</summary>
public sealed record StorageQueueOptions
{
    /// <summary>The queue service, such as <c>https://account.queue.core.windows.net</c>; with the account's name as a path where the host does not tell it.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>How long a received message stays hidden; renewed while it is handled. Whole seconds, default 1 min.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries before a message goes to the poison queue. Default 10; the Functions host's is <c>maxDequeueCount</c> of host.json.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>Longest pause between two looks at an empty queue. Default 2 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a message is kept hidden while it is handled. Default 10 min.</summary>
    public TimeSpan RenewFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest delay in one go, the service's limit: 7 days. Longer ones are renewed when they end.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromDays(7);

    public QueueHttpOptions Http { get; init; } = new();
}
