using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>A message that is hidden from others for a while.</summary>
internal sealed class StorageLease(StorageQueueClient client, QueueMessage message, StorageMessage received, LeaseTerms terms)
    : RestLease(message, received.DequeueCount, terms)
{
    private string _receipt = received.Receipt;

    protected override Task<bool> ExtendAsync(CancellationToken ct) => HideAsync(Terms.Lock, ct);

    protected override Task<bool> RemoveAsync(CancellationToken ct) => client.DeleteAsync(Terms.Queue, received.Id, _receipt, ct);

    protected override Task<bool> PutBackAsync(TimeSpan delay, CancellationToken ct) => HideAsync(delay, ct);

    protected override Task<bool> GiveBackAsync(TimeSpan delay, CancellationToken ct) => HideAsync(delay, ct);

    // As the Functions host does it: the same text under another id. There is no place for the reason, so the log has it.
    protected override async Task<bool> BuryAsync(string reason, CancellationToken ct)
    {
        var poison = PoisonQueue.For(Terms.Queue);
        await client.PutAsync(poison, received.Text, TimeSpan.Zero, ct);
        Terms.Logger.MessageBuried(Terms.Queue, received.Id, poison, received.DequeueCount, reason);
        return await client.DeleteAsync(Terms.Queue, received.Id, _receipt, ct);
    }

    private async Task<bool> HideAsync(TimeSpan time, CancellationToken ct)
    {
        if (await client.HideAsync(Terms.Queue, received.Id, _receipt, time, ct) is not { } receipt)
        {
            return false;
        }

        _receipt = receipt;
        return true;
    }
}
