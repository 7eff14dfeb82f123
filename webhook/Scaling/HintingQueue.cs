using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>A queue that tells the scaler of every message that workers can take now, so that they start while it is still on its way.</summary>
internal sealed class HintingQueue(IStepQueue queue, RecentHints hints, TimeProvider time) : IStepQueue
{
    /// <inheritdoc/>
    public bool OutlivesProcess => queue.OutlivesProcess;

    /// <inheritdoc/>
    public async Task EnqueueAsync(QueueMessage message, CancellationToken ct)
    {
        await queue.EnqueueAsync(message, ct);
        if (message.NotBefore is not { } due || due <= time.GetUtcNow())
        {
            hints.Note();
        }
    }
}
