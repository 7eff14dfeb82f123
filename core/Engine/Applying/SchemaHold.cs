using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Schemas;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Engine.Applying;

/// <summary>Holds Canaries while the served definition drops fields of theirs: a condition says so, which survives even the other schema, and nothing moves.</summary>
public sealed class SchemaHold(IClusterClient cluster, SchemaGuard guard, TimeProvider time)
{
    /// <exception cref="StatusPrunedException">The served definition would lose the release's memory. The condition stands.</exception>
    public async Task CheckAsync(JsonObject canaryObject, CancellationToken ct)
    {
        // One that goes is put in order whatever else holds, or it could never be deleted.
        if (!canaryObject.IsBeingDeleted() && await guard.ProblemAsync(ct).ConfigureAwait(false) is { } problem)
        {
            throw await HoldAsync(canaryObject, Canary.From(canaryObject).Status.Conditions, problem, time.GetUtcNow(), ct).ConfigureAwait(false);
        }
    }

    /// <summary>For a status that came back from its write without its fields.</summary>
    /// <param name="stored">As it came back.</param>
    /// <param name="wanted">The status that was to be stored.</param>
    public Task<StatusPrunedException> HoldAsync(JsonObject stored, CanaryStatus wanted, CancellationToken ct)
    {
        guard.Forget();
        return HoldAsync(stored, wanted.Conditions, "drops status.step", wanted.LastTransitionTime ?? time.GetUtcNow(), ct);
    }

    private async Task<StatusPrunedException> HoldAsync(JsonObject stored, IReadOnlyList<Condition> conditions, string problem, DateTimeOffset at, CancellationToken ct)
    {
        var canary = Canary.From(stored);
        var pruned = new StatusPrunedException(canary.Key, problem);
        var wanted = Condition.Set(conditions, Condition.Accepted, Condition.False, Reasons.SchemaPrunesStatus, pruned.Message, at);
        if (canary.Status.Condition(Condition.Accepted) is { Status: Condition.False, Reason: Reasons.SchemaPrunesStatus } known && known.Message == pruned.Message)
        {
            return pruned;
        }

        var held = stored.Copy();
        held["status"] = (canary.Status with { Conditions = wanted }).ToJson();
        await cluster.ReplaceStatusAsync(Kinds.Canary, held, ct).ConfigureAwait(false);
        return pruned;
    }
}

/// <summary>The API server drops fields that a release cannot do without: another CRD was applied over ours.</summary>
public sealed class StatusPrunedException(CanaryKey canary, string problem) : Exception(
    $"canary {canary}: the served CustomResourceDefinition canaries.flagger.app {problem}; apply ours again (infra/crds/canaries.yaml). Releases are held until then.");
