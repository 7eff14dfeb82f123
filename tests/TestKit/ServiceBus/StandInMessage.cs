using System.Text.Json.Nodes;

namespace CanaryFunctions.TestKit.ServiceBus;

/// <summary>A message in the stand-in.</summary>
/// <param name="Properties">Custom ones: as their JSON text, which is how they stand in headers.</param>
public sealed record StandInMessage(string MessageId, byte[] Body, string ContentType, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>What the sender set, given back to the receiver.</summary>
    public JsonObject Broker { get; init; } = [];

    public DateTimeOffset? ScheduledFor { get; init; }

    public TimeSpan TimeToLive { get; init; } = TimeSpan.MaxValue;

    public long SequenceNumber { get; init; }

    /// <summary>When it became, or becomes, deliverable.</summary>
    public DateTimeOffset EnqueuedAt { get; init; }

    public int DeliveryCount { get; set; }

    /// <summary>Null while nobody has it.</summary>
    public string? LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public bool HasExpired(DateTimeOffset now) => TimeToLive != TimeSpan.MaxValue && now >= EnqueuedAt + TimeToLive;
}
