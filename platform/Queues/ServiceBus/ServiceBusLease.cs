using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>
/// A locked message. The service has neither a delay between deliveries nor a dead-letter verb over REST, so both are a copy, sent before the original is
/// completed: dying in between doubles a message, and loses none.
/// </summary>
internal sealed class ServiceBusLease(ServiceBusClient client, MessageFormat format, ReceivedMessage received, LeaseTerms terms)
    : RestLease(received.Message, received.Deliveries, terms)
{
    protected override Task<bool> ExtendAsync(CancellationToken ct) => client.RenewAsync(received, ct);

    protected override Task<bool> RemoveAsync(CancellationToken ct) => client.CompleteAsync(received, ct);

    protected override Task<bool> PutBackAsync(TimeSpan delay, CancellationToken ct) => delay <= TimeSpan.Zero
        ? client.AbandonAsync(received, ct)
        : ReplaceAsync(received.Message.Queue, () => format.Again(received.Message, received.Deliveries, delay), ct);

    // Abandoned it counts as delivered, but a copy would be more to go wrong while the process ends.
    protected override Task<bool> GiveBackAsync(TimeSpan delay, CancellationToken ct) => client.AbandonAsync(received, ct);

    protected override async Task<bool> BuryAsync(string reason, CancellationToken ct)
    {
        var poison = PoisonQueue.For(received.Message.Queue);
        var isOurs = await ReplaceAsync(poison, () => format.Poisoned(received.Message, received.Deliveries, reason), ct);
        Terms.Logger.MessageBuried(received.Message.Queue, received.Message.Id, poison, received.Deliveries, reason);
        return isOurs;
    }

    private async Task<bool> ReplaceAsync(string queue, Func<OutgoingMessage> copy, CancellationToken ct)
    {
        try
        {
            await client.SendAsync(queue, () => [copy()], ct);
        }
        catch (QueueException)
        {
            // At once is better than when the lock ends, and the count goes on.
            await client.AbandonAsync(received, ct);
            throw;
        }

        return await client.CompleteAsync(received, ct);
    }
}
