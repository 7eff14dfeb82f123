using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>What the generated objects of a Canary need, as changes that a draft takes.</summary>
internal static class TrackObjects
{
    /// <summary>The two Services behind which the tracks stand.</summary>
    internal static StepDraft WithTrackServices(this StepDraft draft, StepContext c)
    {
        var (service, selector) = (c.Spec.Service, c.Snapshot.Selector!);
        return draft
            .Prepare(Service(c, c.Canary.CanaryService, service.Canary, selector.Value))
            .Prepare(Service(c, c.Canary.PrimaryService, service.Primary, selector.PrimaryValue));
    }

    /// <summary>The Service that users call, on the primary's pods.</summary>
    internal static ObjectChange? Apex(StepContext c) => Service(c, c.Canary.ApexService, c.Spec.Service.Apex, c.Snapshot.Selector!.PrimaryValue);

    internal static StepDraft WithServices(this StepDraft draft, StepContext c) => draft.WithTrackServices(c).Prepare(Apex(c));

    /// <summary>What somebody may have deleted or edited meanwhile. The primary's autoscaler is only made again: a release under way leaves the primary's size alone.</summary>
    internal static StepDraft WithRepairs(this StepDraft draft, StepContext c) => draft.WithServices(c).WithPrimaryScaler(c, update: false);

    /// <summary>A primary with the target's template, where there is none.</summary>
    /// <param name="runId">The run that it is promoted by; null for none.</param>
    internal static StepDraft WithNewPrimary(this StepDraft draft, StepContext c, string? runId = null)
        => draft.Prepare(ObjectChange.Create(
            PrimaryDeployment.RefOf(c.Canary), PrimaryDeployment.Create(c.Canary, c.Snapshot.Target!, c.Snapshot.Selector!, c.Snapshot.Options, runId)));

    /// <summary>The primary's autoscaler: made when missing, brought up to date when asked.</summary>
    internal static StepDraft WithPrimaryScaler(this StepDraft draft, StepContext c, bool update)
    {
        if (c.Snapshot is not { Scaler: { } source, PrimaryScalerRef: { } reference, ScalerKind: { } kind })
        {
            return draft;
        }

        var existing = c.Snapshot.PrimaryScaler;
        return existing is not null && !update
            ? draft
            : draft.Prepare(ObjectChange.Between(reference, existing, PrimaryScaler.Desired(c.Canary, source, existing, kind)));
    }

    /// <summary>The target to this size, unless it has it.</summary>
    internal static ObjectChange? ScaleTarget(StepContext c, int replicas)
    {
        var target = c.Snapshot.Target!;
        return (target.Integer("spec", "replicas") ?? 1) == replicas ? null : ObjectChange.Scale(RolloutSnapshot.TargetRef(c.Canary), target, replicas);
    }

    /// <summary>The target up from zero; one that has pods keeps its size.</summary>
    internal static ObjectChange? ScaleUpTarget(StepContext c)
        => (c.Snapshot.Target!.Integer("spec", "replicas") ?? 1) > 0
            ? null
            : ScaleTarget(c, ReplicaRules.FromZero(c.Snapshot.Scaler, c.Snapshot.Primary));

    /// <summary>What the routes need to show the split; the problem when they cannot.</summary>
    internal static RoutePlan Routes(StepContext c, TrafficSplit split) => c.Snapshot.Router!.Plan(c.Snapshot.RouteInput(), split);

    private static ObjectChange? Service(StepContext c, string name, ServiceMetadata extra, string podValue)
        => ServicePlanner.Plan(c.Canary, name, extra, c.Snapshot.Find(ServicePlanner.RefOf(c.Canary, name)), c.Snapshot.Target!, c.Snapshot.Selector!, podValue);
}
