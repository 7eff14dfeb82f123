using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine;

/// <summary>The READ of a step: everything a decision can need from the cluster, once, in parallel.</summary>
public sealed class SnapshotReader(
    IClusterClient cluster, Catalog<ITrafficRouter> routers, CanaryValidator validator, CanaryOptions options, TimeProvider time)
{
    public async Task<RolloutSnapshot> ReadAsync(JsonObject canaryObject, StepMessage message, CancellationToken ct)
    {
        canaryObject = CanaryConversion.Mend(canaryObject);
        var canary = Canary.From(canaryObject);
        var kinds = await cluster.ServedKindsAsync(ct).ConfigureAwait(false);
        var router = routers.Find(canary.Spec.Provider ?? options.MeshProvider ?? "");
        var scalerKind = canary.Spec.AutoscalerRef is { Reference: var scaler } ? kinds.Find(scaler.Group, scaler.Kind) : null;
        var owner = OlderOwnerAsync(canary, ct);
        var objects = await ReadAllAsync(Needed(canary, kinds, router, scalerKind), ct).ConfigureAwait(false);
        return new()
        {
            Canary = canary,
            Options = options,
            Now = time.GetUtcNow(),
            Kinds = kinds,
            Message = message,
            Objects = objects,
            Router = router,
            ScalerKind = scalerKind,
            SpecProblems = [.. validator.Validate(canaryObject).Select(p => p.ToString())],
            OlderOwner = await owner.ConfigureAwait(false),
        };
    }

    private static IEnumerable<ObjectRef> Needed(Canary canary, IServedKinds kinds, ITrafficRouter? router, ResourceKind? scalerKind)
    {
        IEnumerable<ObjectRef> workload =
        [
            RolloutSnapshot.TargetRef(canary),
            PrimaryDeployment.RefOf(canary),
            ServicePlanner.RefOf(canary, canary.ApexService),
            ServicePlanner.RefOf(canary, canary.PrimaryService),
            ServicePlanner.RefOf(canary, canary.CanaryService),
        ];
        var scalerName = canary.Spec.AutoscalerRef?.Reference.Name;
        IEnumerable<ObjectRef> scalers = scalerKind is null
            ? []
            : [new(scalerKind, canary.Namespace, scalerName!), new(scalerKind, canary.Namespace, $"{scalerName}-primary")];
        return [.. workload, .. scalers, .. router?.Needs(canary, kinds) ?? []];
    }

    private async Task<IReadOnlyDictionary<ObjectRef, JsonObject>> ReadAllAsync(IEnumerable<ObjectRef> references, CancellationToken ct)
    {
        var read = await Task.WhenAll(references.Where(r => r.Name.Length > 0).Distinct()
            .Select(async r => (Reference: r, Object: await cluster.GetAsync(r, ct).ConfigureAwait(false)))).ConfigureAwait(false);
        return read.Where(r => r.Object is not null).ToDictionary(r => r.Reference, r => r.Object!);
    }

    // Two Canaries for one target come about only by a new or an edited spec, so that is when to look.
    private async Task<CanaryKey?> OlderOwnerAsync(Canary canary, CancellationToken ct)
    {
        var isSettled = canary.Status.ObservedGeneration == canary.Generation && canary.Status.Condition(Condition.Accepted)?.Reason != Canaries.Reasons.DuplicateTarget;
        if (isSettled || canary.Raw.IsBeingDeleted())
        {
            return null;
        }

        var all = await cluster.ListAsync(Kinds.Canary, canary.Namespace, new(), ct).ConfigureAwait(false);
        return all.Items
            .Where(o => o.Uid() != canary.Uid && SameTarget(o, canary.Raw) && IsOlder(o, canary.Raw))
            .Select(o => (CanaryKey?)new CanaryKey(o.Namespace(), o.Name()))
            .FirstOrDefault();
    }

    private static bool SameTarget(JsonObject a, JsonObject b)
        => a.Text("spec", "targetRef", "kind") == b.Text("spec", "targetRef", "kind") && a.Text("spec", "targetRef", "name") == b.Text("spec", "targetRef", "name");

    // Creation times have whole seconds only. Of two with the same one that has taken the target up is the owner; else the uid decides, the same way for everybody.
    private static bool IsOlder(JsonObject a, JsonObject b) => Age(a).CompareTo(Age(b)) < 0;

    private static (DateTimeOffset? Created, bool IsNew, string Uid) Age(JsonObject canary)
        => (canary.Time("metadata", "creationTimestamp"), string.IsNullOrEmpty(canary.Text("status", "phase")), canary.Uid());
}
