namespace CanaryFunctions.Core.Ports;

/// <summary>
/// A queue with delays and at-least-once delivery. A message may come late, twice or out of order, and loses nothing but time by it:
/// it is a key and a cause, never data.
/// </summary>
public interface IStepQueue
{
    /// <summary>Adds a message. One with the same <see cref="QueueMessage.Id"/> as another of the same queue within the duplicate window is dropped.</summary>
    Task EnqueueAsync(QueueMessage message, CancellationToken ct);

    /// <summary>Whether what is in it is still there when this process has died. Who has to be told of something stays written elsewhere where it is not.</summary>
    bool OutlivesProcess => true;
}

/// <summary>A message on its way.</summary>
/// <param name="Queue">One of <see cref="QueueNames"/>.</param>
/// <param name="Id">Derived from what the message is about, so that sending again is no second message.</param>
/// <param name="Body">JSON.</param>
/// <param name="NotBefore">Not delivered earlier; null for at once.</param>
public sealed record QueueMessage(string Queue, string Id, string Body, DateTimeOffset? NotBefore = null)
{
    /// <summary>Wall clock. How much later than others it may come where many are due at once; only a queue that knows such an order minds it.</summary>
    public TimeSpan Patience { get; init; }
}

/// <summary>A message as a function sees it.</summary>
/// <param name="DeliveryCount">1 for the first delivery.</param>
public sealed record Delivered<T>(T Message, string Id, int DeliveryCount);

public static class QueueNames
{
    /// <summary>One message: look at this Canary.</summary>
    public const string Steps = "canary-steps";

    /// <summary>One message: a transition that people or hooks are to be told of.</summary>
    public const string Notices = "canary-notices";

    /// <summary>One message: one notice for one receiver.</summary>
    public const string Deliveries = "canary-deliveries";

    public static readonly IReadOnlyList<string> All = [Steps, Notices, Deliveries];
}
