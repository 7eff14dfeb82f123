using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Delivering;

/// <summary>Turns a notice into one delivery message a receiver, so that a slow or broken one holds up no other.</summary>
public sealed class NoticeHandler(IClusterClient cluster, IStepQueue queue, CanaryOptions options)
{
    public async Task RunAsync(Notice notice, CancellationToken ct)
    {
        // Gone meanwhile: with the Canary went the list of those to tell.
        if (await cluster.GetAsync(new(Kinds.Canary, notice.Namespace, notice.Name), ct).ConfigureAwait(false) is not { } found)
        {
            return;
        }

        foreach (var delivery in NoticeFanOut.Deliveries(Canary.From(found), notice, options))
        {
            await queue.EnqueueAsync(delivery.ToMessage(delivery.Id), ct).ConfigureAwait(false);
        }
    }
}
