using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.InProcess;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>The queues of this process.</summary>
internal sealed class InProcessGauge(InProcessQueue queue) : IQueueGauge
{
    /// <inheritdoc/>
    public Task<QueueBacklog> ReadAsync(CancellationToken ct)
    {
        var steps = queue.Depth(QueueNames.Steps);
        var (notices, deliveries) = (queue.Depth(QueueNames.Notices), queue.Depth(QueueNames.Deliveries));
        return Task.FromResult(new QueueBacklog(steps.Ready + steps.InFlight, Undelivered(notices) + Undelivered(deliveries)));
    }

    private static long Undelivered(QueueDepth depth) => depth.Ready + depth.Delayed + depth.InFlight;
}
