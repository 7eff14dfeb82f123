using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Planning;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Engine.Applying;

/// <summary>
/// The WRITE of a step: finalizer, objects in the plan's order (routes before scale), status, then what people are told. Every write carries the resourceVersion
/// that the step read, so that of two workers with the same step one fails before it has done harm.
/// </summary>
public sealed class StepApplier(IClusterClient cluster, Outbox outbox, SchemaHold schema)
{
    /// <exception cref="ClusterException">A conflict when somebody else was quicker: nothing of this step counts, the message comes again.</exception>
    public async Task<Canary> ApplyAsync(RolloutSnapshot snapshot, StepPlan plan, CancellationToken ct)
    {
        var canary = snapshot.Canary.Raw;
        if (plan.Changes.Count > 0)
        {
            await MakeSureNobodyWasQuickerAsync(snapshot.Canary, ct).ConfigureAwait(false);
        }

        if (plan.Finalizer == FinalizerChange.Add)
        {
            canary = await SetFinalizersAsync(canary, [.. Finalizers(canary), Canary.Finalizer], ct).ConfigureAwait(false);
        }

        var status = plan.Status;
        foreach (var change in plan.Changes)
        {
            var written = await WriteAsync(change, ct).ConfigureAwait(false);

            // Our own scaling counts as no change of the target's.
            if (change.Kind == ChangeKind.Scale && written is not null && status.TargetGeneration == snapshot.Target?.Generation())
            {
                status = status with { TargetGeneration = written.Generation(), ObservedTargetGeneration = written.Generation() };
            }
        }

        // Traffic may have moved already: from here on the step is recorded even while the process is told to stop.
        var desired = canary.Copy();
        desired["status"] = status.ToJson();
        var stored = await cluster.ReplaceStatusAsync(Kinds.Canary, desired, CancellationToken.None).ConfigureAwait(false);
        if (stored.Number("status", "step") is null)
        {
            throw await schema.HoldAsync(stored, status, CancellationToken.None).ConfigureAwait(false);
        }

        stored = await outbox.FlushAsync(stored, CancellationToken.None).ConfigureAwait(false);
        if (plan.Finalizer == FinalizerChange.Remove)
        {
            stored = await SetFinalizersAsync(stored, [.. Finalizers(stored).Where(f => f != Canary.Finalizer)], ct).ConfigureAwait(false);
        }

        return Canary.From(stored);
    }

    // Narrows the time in which a worker that stalled during its checks could still write a route that others left alone.
    private async Task MakeSureNobodyWasQuickerAsync(Canary canary, CancellationToken ct)
    {
        var now = await cluster.GetAsync(new(Kinds.Canary, canary.Namespace, canary.Key.Name), ct).ConfigureAwait(false);
        if (now?.ResourceVersion() != canary.ResourceVersion)
        {
            throw new ClusterException(409, "Conflict", $"canary {canary.Key} was changed while this step was decided");
        }
    }

    private async Task<JsonObject?> WriteAsync(ObjectChange change, CancellationToken ct)
    {
        switch (change.Kind)
        {
            case ChangeKind.Create:
                return await cluster.CreateAsync(change.Target.Kind, change.Desired!, ct).ConfigureAwait(false);
            case ChangeKind.Replace:
                return await cluster.ReplaceAsync(change.Target.Kind, change.Desired!, ct).ConfigureAwait(false);
            case ChangeKind.Scale:
                return await cluster.MergePatchAsync(change.Target, change.Desired!, null, ct).ConfigureAwait(false);
            default:
                await cluster.DeleteAsync(change.Target, new(ResourceVersion: change.ResourceVersion), ct).ConfigureAwait(false);
                return null;
        }
    }

    private async Task<JsonObject> SetFinalizersAsync(JsonObject canary, IReadOnlyList<string> finalizers, CancellationToken ct)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = canary.ResourceVersion(),
                ["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)JsonValue.Create(f))]),
            },
        };
        return await cluster.MergePatchAsync(canary.RefOf(Kinds.Canary), patch, null, ct).ConfigureAwait(false);
    }

    private static IEnumerable<string> Finalizers(JsonObject canary) => canary.ListAt("metadata", "finalizers").Select(f => f.Text()).OfType<string>();
}
