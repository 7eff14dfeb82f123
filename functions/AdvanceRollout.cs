using CanaryFunctions.Core;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Functions;

/// <summary>Takes one step of one Canary.</summary>
public sealed class AdvanceRollout(StepHandler handler, ILogger<AdvanceRollout> logger)
{
    [Function(nameof(AdvanceRollout))]
    public async Task RunAsync([StepQueueTrigger(QueueNames.Steps)] Delivered<StepMessage> step, CancellationToken ct)
    {
        using var scope = logger.ForCanary(step.Message.Key, step.Message.Cluster);
        await handler.RunAsync(step, ct).ConfigureAwait(false);
    }
}
