using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>How Service Bus queues are used. All durations are wall clock.</summary>
public sealed record ServiceBusOptions
{
    /// <summary>The namespace, such as <c>https://name.servicebus.windows.net</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The queues drop a message whose id they know. Without it a send whose outcome is unknown is not repeated. Default true.</summary>
    public bool DuplicateDetection { get; init; } = true;

    /// <summary>Messages that nobody took for so long are dropped by the service. Default 14 days.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Failures before a message goes to the poison queue. Default 10; keep the queue's own maximum above it.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>How long the service holds a receive while the queue is empty; at most 55 s. Default 30 s.</summary>
    public TimeSpan ReceiveWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a lock is renewed while its message is handled. Default 10 min.</summary>
    public TimeSpan RenewFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest body in bytes. Default 256 KiB less room for headers, as Basic and Standard have it.</summary>
    public int MaxBodyBytes { get; init; } = 192 * 1024;

    public QueueHttpOptions Http { get; init; } = new();
}
