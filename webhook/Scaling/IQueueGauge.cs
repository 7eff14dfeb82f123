namespace CanaryFunctions.Webhook.Scaling;

/// <summary>Looks at queues without taking anything off them.</summary>
public interface IQueueGauge
{
    /// <summary>Messages that workers have to be there for. Throws what the queue throws; an answer that is not known is never nought.</summary>
    Task<QueueBacklog> ReadAsync(CancellationToken ct);
}

/// <summary>Messages of all queues.</summary>
/// <param name="Steps">Steps that wait for a worker or are with one. Those for later belong to Canaries, of which the index knows.</param>
/// <param name="Notices">Notices and deliveries that nobody has taken, those that wait for their next try included.</param>
public sealed record QueueBacklog(long Steps, long Notices)
{
    public static readonly QueueBacklog None = new(0, 0);
}
