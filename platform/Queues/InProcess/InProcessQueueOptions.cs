namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>How the in-process queue delivers. All durations are wall clock.</summary>
public sealed record InProcessQueueOptions
{
    /// <summary>How long a received message stays hidden before it is delivered again. Default 5 min.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Deliveries before a message becomes a dead letter. Default 10, as Service Bus has it.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>How long a message's id keeps another one of that id out. Default 10 min, as Service Bus has it.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(10);
}
