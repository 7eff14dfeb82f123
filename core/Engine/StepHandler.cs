using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Applying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Engine;

/// <summary>
/// What a step's message comes to. An error that passes is answered by a delayed copy of the message and not by failing it: queues redeliver at once and would
/// bury every message within one outage of twenty seconds. Only when even the copy cannot be sent does the message fail.
/// </summary>
public sealed class StepHandler(
    RolloutEngine engine, IClusterClient cluster, IStepQueue queue, EventRecorder events, CanaryOptions options, TimeProvider time, ILogger<StepHandler> logger)
{
    private const int MostLooks = 8;

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    public async Task RunAsync(Delivered<StepMessage> delivered, CancellationToken ct)
    {
        var message = delivered.Message;
        try
        {
            // The copy of a step that failed half way is a redelivery too: the successor may be what it failed to send.
            var isRedelivery = delivered.DeliveryCount > 1 || message.Cause == StepCauses.Retry;
            var result = await engine.AdvanceAsync(message, isRedelivery, ct).ConfigureAwait(false);
            if (result.AgainAfter is { } wait)
            {
                await SendCopyAsync(delivered, message.Cause, wait).ConfigureAwait(false);
            }
            else if (result.LookAgain && message.Looks < MostLooks)
            {
                // Storing follows admission within milliseconds: 25 ms, 50 ms, ... about six seconds in all.
                await SendCopyAsync(delivered, message.Cause, TimeSpan.FromMilliseconds(25 << message.Looks)).ConfigureAwait(false);
            }
        }
        catch (ClusterException e) when (e.IsTransient || e.IsConflict)
        {
            logger.StepPutOff(message.Key, e.Message);
            var wait = e.IsConflict ? AfterConflict : TimeSpan.FromSeconds(1 << Math.Min(message.Looks, 5));
            await SendCopyAsync(delivered, StepCauses.Retry, wait < LongestRetry ? wait : LongestRetry).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ClusterException or StatusPrunedException)
        {
            logger.StepRefused(message.Key, e.Message);
            await TellAsync(message, e.Message).ConfigureAwait(false);

            // The sweep comes again to those that are held; copies of its messages would add up.
            if (e is not StatusPrunedException || message.Cause != StepCauses.Sweep)
            {
                await SendCopyAsync(delivered, StepCauses.Retry, options.Scaled(AfterRefusal)).ConfigureAwait(false);
            }
        }
    }

    // The cluster refused for good: people have to see why, on the Canary itself.
    private async Task TellAsync(StepMessage message, string error)
    {
        if (await cluster.GetAsync(new(Kinds.Canary, message.Namespace, message.Name), CancellationToken.None).ConfigureAwait(false) is { } found)
        {
            var canary = Canary.From(found);
            var entry = new OutboxEntry(canary.Status.Step + 1, 0, OutboxKind.Event, StatusJson.PhaseName(canary.Status.Phase))
            {
                IsWarning = true,
                Reason = Reasons.ClusterError,
                Message = error,
                At = time.GetUtcNow(),
            };
            await events.RecordAsync(canary, entry, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Task SendCopyAsync(Delivered<StepMessage> delivered, string cause, TimeSpan wait)
    {
        var copy = delivered.Message with { Cause = cause, Looks = delivered.Message.Looks + 1 };
        var first = delivered.Id.Split('~')[0];
        return queue.EnqueueAsync(copy.ToMessage($"{first}~{copy.Looks}", time.GetUtcNow() + wait), CancellationToken.None);
    }
}
