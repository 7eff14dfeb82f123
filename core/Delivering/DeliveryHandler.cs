using System.Globalization;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Delivering;

/// <summary>Tries a delivery again, later each time; then lets it fail, so that the queue puts it among its dead letters.</summary>
public sealed class DeliveryHandler(DeliverySender sender, IStepQueue queue, CanaryOptions options, TimeProvider time, ILogger<DeliveryHandler> logger)
{
    private const int MostAttempts = 6;

    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Delivered<Delivery> delivered, CancellationToken ct)
    {
        var delivery = delivered.Message;
        try
        {
            if (await sender.SendAsync(delivery, ct).ConfigureAwait(false) is { } until)
            {
                // Not dropped: this may be the message of one who died, come again.
                await LookAgainAsync(delivery, until).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DeliveryException or ClusterException && delivery.Attempts + 1 < MostAttempts)
        {
            logger.DeliveryPutOff(delivery.Target, delivery.Attempts + 1, e.Message);
            var next = delivery with { Attempts = delivery.Attempts + 1 };
            var wait = options.Scaled(TimeSpan.FromSeconds(2 << delivery.Attempts));
            await queue.EnqueueAsync(next.ToMessage($"{delivery.Id}~{next.Attempts}", time.GetUtcNow() + wait), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Task LookAgainAsync(Delivery delivery, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        var at = until - now < SoonAgain ? until : now + SoonAgain;
        return queue.EnqueueAsync(delivery.ToMessage(string.Create(CultureInfo.InvariantCulture, $"{delivery.Id}@{at.UtcTicks}"), at), CancellationToken.None);
    }
}
