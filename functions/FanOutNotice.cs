using CanaryFunctions.Core;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Functions;

/// <summary>Finds out who is to be told of a transition.</summary>
public sealed class FanOutNotice(NoticeHandler handler, ILogger<FanOutNotice> logger)
{
    [Function(nameof(FanOutNotice))]
    public async Task RunAsync([StepQueueTrigger(QueueNames.Notices)] Delivered<Notice> notice, CancellationToken ct)
    {
        using var scope = logger.ForCanary(new CanaryKey(notice.Message.Namespace, notice.Message.Name), notice.Message.Cluster);
        await handler.RunAsync(notice.Message, ct).ConfigureAwait(false);
    }
}
