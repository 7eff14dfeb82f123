using CanaryFunctions.Core;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Functions;

/// <summary>Tells one receiver one notice.</summary>
public sealed class DeliverNotice(DeliveryHandler handler, ILogger<DeliverNotice> logger)
{
    [Function(nameof(DeliverNotice))]
    public async Task RunAsync([StepQueueTrigger(QueueNames.Deliveries)] Delivered<Delivery> delivery, CancellationToken ct)
    {
        using var scope = logger.ForCanary(new CanaryKey(delivery.Message.Notice.Namespace, delivery.Message.Notice.Name));
        await handler.RunAsync(delivery, ct).ConfigureAwait(false);
    }
}
