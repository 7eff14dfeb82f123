using System.Globalization;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Applying;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Engine.Planning;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Engine;

/// <summary>One step of one Canary: read, decide, write. Everything that lasts is in the Canary's status.</summary>
public sealed class RolloutEngine(
    IClusterClient cluster, IStepQueue queue, SchemaHold schema, SnapshotReader reader, CheckRunner checks, StepApplier applier, Outbox outbox,
    TimeProvider time, ILogger<RolloutEngine> logger)
{
    private const int Races = 3;

    /// <summary>Takes the step that is due, if one is, and sends the message for the one after it.</summary>
    /// <param name="isRedelivery">The message was delivered before: what its first delivery may have left undone is done.</param>
    /// <exception cref="StatusPrunedException">Another definition of Canaries is served, which would lose their memory.</exception>
    /// <exception cref="ClusterException">The cluster failed, or others kept being quicker; the message has to come again.</exception>
    public async Task<StepResult> AdvanceAsync(StepMessage message, bool isRedelivery, CancellationToken ct)
    {
        var kept = CheckAnswers.None;
        string? keptFor = null;
        for (var race = 1; ; race++)
        {
            var canary = await cluster.GetAsync(new(Kinds.Canary, message.Namespace, message.Name), ct).ConfigureAwait(false);
            if (canary is null)
            {
                // Admission comes before storage: one that is being created is not there yet.
                return StepResult.AtRest("the canary does not exist") with { LookAgain = message.Cause == StepCauses.Admission };
            }

            // A status that is read through another schema is not the one that was written.
            await schema.CheckAsync(canary, ct).ConfigureAwait(false);

            if (message.Seen is not null && race == 1 && !isRedelivery && await IsAsSeenAsync(message, Canary.From(canary), ct).ConfigureAwait(false))
            {
                return StepResult.AtRest("the pods are as they were") with { AgainAfter = PodSight.Again };
            }

            // Whatever the last step had to say comes before anything new.
            canary = await outbox.FlushAsync(canary, ct).ConfigureAwait(false);
            var snapshot = await reader.ReadAsync(canary, message, ct).ConfigureAwait(false);

            // Hooks were asked for this very step already: a race that was lost is no reason to ask again.
            var answers = keptFor == StepIdentity(snapshot) ? kept : CheckAnswers.None;
            keptFor = StepIdentity(snapshot);
            (var decision, kept) = await DecideAsync(snapshot, answers, ct).ConfigureAwait(false);
            if (decision is not StepDecision.Write { Plan: var plan })
            {
                // A race may have been lost behind the status write, so that the step is done and its successor is not sent.
                return await DoNothingAsync(snapshot, (StepDecision.Nothing)decision, isRedelivery || race > 1, ct).ConfigureAwait(false);
            }

            try
            {
                var written = await applier.ApplyAsync(snapshot, plan, ct).ConfigureAwait(false);
                logger.StepTaken(snapshot.Canary.Key, plan.Status.Phase, plan.Status.CanaryWeight, plan.Reason);
                var hasWaited = written.Status.Waits > snapshot.Canary.Status.Waits;
                var seen = hasWaited ? PodSight.Of(written, snapshot.Target, snapshot.Primary) : null;
                await SendSuccessorAsync(written, message.Cluster, seen, CancellationToken.None).ConfigureAwait(false);
                return new(plan.Reason, plan.Status.NextStepAt);
            }
            catch (ClusterException e) when (e.IsConflict && race < Races)
            {
                logger.StepLostRace(snapshot.Canary.Key, e.Message);
            }
        }
    }

    private async Task<(StepDecision Decision, CheckAnswers Answers)> DecideAsync(RolloutSnapshot snapshot, CheckAnswers answers, CancellationToken ct)
    {
        while (true)
        {
            var decision = Gates.Decide(new(snapshot, answers));
            if (decision is not StepDecision.Ask { Request: var request })
            {
                return (decision, answers);
            }

            answers = await checks.RunAsync(snapshot.Canary, request, snapshot.Canary.Status.RunId, answers, ct).ConfigureAwait(false);
        }
    }

    // A redelivery that finds its work done sends the successor again; the queue drops it if it is there.
    private async Task<StepResult> DoNothingAsync(RolloutSnapshot snapshot, StepDecision.Nothing nothing, bool isRedelivery, CancellationToken ct)
    {
        if (isRedelivery)
        {
            await SendSuccessorAsync(snapshot.Canary, snapshot.Message.Cluster, seen: null, ct).ConfigureAwait(false);
        }

        return StepResult.AtRest(nothing.Why) with { LookAgain = IsNotStoredYet(snapshot) };
    }

    private async Task<bool> IsAsSeenAsync(StepMessage message, Canary canary, CancellationToken ct)
    {
        if (!PodSight.IsAsked(message, canary, time.GetUtcNow()) || !outbox.IsSent(canary))
        {
            return false;
        }

        var deployments = await Task.WhenAll(
            cluster.GetAsync(RolloutSnapshot.TargetRef(canary), ct), cluster.GetAsync(PrimaryDeployment.RefOf(canary), ct)).ConfigureAwait(false);
        return PodSight.Of(canary, deployments[0], deployments[1]) == message.Seen;
    }

    private async Task SendSuccessorAsync(Canary canary, string? cluster, string? seen, CancellationToken ct)
    {
        if (Successors.Of(canary, cluster, seen) is { } message)
        {
            await queue.EnqueueAsync(message, ct).ConfigureAwait(false);
        }
    }

    // Admission comes before storage: the change that was announced may not be readable yet.
    private static bool IsNotStoredYet(RolloutSnapshot snapshot)
        => snapshot.Message.CanaryGeneration > snapshot.Canary.Generation || IsTargetNotStoredYet(snapshot);

    private static bool IsTargetNotStoredYet(RolloutSnapshot snapshot)
        => snapshot.Message is { TargetHash: { } announced } && snapshot.TargetHash != announced
            && (snapshot.Message.TargetGeneration ?? 0) >= (snapshot.Target?.Generation() ?? 0);

    private static string StepIdentity(RolloutSnapshot snapshot)
        => string.Create(CultureInfo.InvariantCulture,
            $"{snapshot.Canary.Uid}/{snapshot.Canary.Status.RunId}/{snapshot.Canary.Status.Step}/{snapshot.Canary.Generation}/{snapshot.TargetHash}");
}
