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
        var notice = delivery.Message.Notice;
        using var scope = logger.ForCanary(new CanaryKey(notice.Namespace, notice.Name), notice.Cluster);
        await handler.RunAsync(delivery, ct).ConfigureAwait(false);
    }
}
