using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Hints;

/// <summary>Where no queue leaves the process, a hint would reach nobody: it is let go, and the functions' sweep finds the change.</summary>
internal sealed class NoQueue : IStepQueue
{
    public Task EnqueueAsync(QueueMessage message, CancellationToken ct) => Task.CompletedTask;
}
