using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>
/// Deletion puts the application back as it was before the primary goes: target up, ready, apex Service on its pods, routes restored; then the finalizer.
/// Whatever is missing is passed over, and a deadline ends the wait: then the primary is left to serve on its own.
/// </summary>
internal static class DeletionGates
{
    internal static StepDecision? Terminating(StepContext c)
    {
        if (!c.Canary.Raw.IsBeingDeleted())
        {
            return null;
        }

        if (BootstrapGates.FinalizerFor(c) == FinalizerChange.Add)
        {
            return new StepDecision.Nothing("being deleted, nothing of ours to wait for");
        }

        if (c.Status.Phase != CanaryPhase.Terminating)
        {
            return Begin(c);
        }

        if (c.Status.NextStepAt > c.Now)
        {
            return new StepDecision.Nothing("not due");
        }

        return c.Snapshot is { Target: not null, Selector: not null } ? Restore(c) : Done(c);
    }

    private static StepDecision Begin(StepContext c)
    {
        var draft = c.Draft().Enter(CanaryPhase.Terminating);
        draft.Status = draft.Status with { DeadlineAt = draft.Deadline(), Waits = 0 };
        if (c.Snapshot.Target is { } target && target.Integer("spec", "replicas") == 0)
        {
            draft.Prepare(TrackObjects.ScaleTarget(c, ReplicaRules.LikePrimary(c.Snapshot.Scaler, c.Snapshot.Primary)));
        }

        return draft.Normal(Reasons.Terminating, Messages.Terminating(c.Canary)).After(TimeSpan.FromSeconds(1), "terminating");
    }

    private static StepDecision Restore(StepContext c)
    {
        var readiness = DeploymentReadiness.Of(c.Snapshot.Target, c.Spec.Analysis.CanaryReadyThreshold);
        var isServing = readiness.IsReady && (c.Snapshot.ReadyCanaryPods > 0 || c.Snapshot.ReadyPrimaryPods == 0);
        if (!isServing)
        {
            return c.Status.DeadlineAt <= c.Now ? LeavePrimary(c) : c.Draft().Waiting("waiting for the target");
        }

        var apex = RestoredApex(c);
        var routes = c.Snapshot.Router?.Restore(c.Snapshot.RouteInput()) ?? RoutePlan.Unchanged;
        if (apex is null && routes.Changes.Count == 0)
        {
            return Done(c);
        }

        var draft = c.Draft().Prepare(apex);
        foreach (var change in routes.Changes)
        {
            draft.Prepare(change);
        }

        return draft.After(StepDraft.Drain, "restoring");
    }

    // The apex outlives the Canary even where it was generated: users' routes point to it.
    private static ObjectChange? RestoredApex(StepContext c)
    {
        var reference = ServicePlanner.RefOf(c.Canary, c.Canary.ApexService);
        if (c.Snapshot.Find(reference) is not { } apex)
        {
            return null;
        }

        var restored = Released(c, apex);
        restored.Section("spec")["selector"] = UsersSelector(apex) ?? new JsonObject { [c.Snapshot.Selector!.Key] = c.Snapshot.Selector.Value };
        return ObjectChange.Between(reference, apex, restored);
    }

    // What the user last applied, unless that is the primary's pods, which are about to go.
    private static JsonNode? UsersSelector(JsonObject apex)
    {
        var applied = apex.Annotation("kubectl.kubernetes.io/last-applied-configuration");
        try
        {
            return applied is null ? null : JsonNode.Parse(applied).ObjectAt("spec", "selector")?.DeepClone();
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // Not kubectl's writing; the target's own label is right as well.
        }
    }

    private static StepDecision LeavePrimary(StepContext c)
    {
        var draft = c.Draft();
        var kept = new (ObjectRef? Reference, JsonObject? Object)[]
        {
            (PrimaryDeployment.RefOf(c.Canary), c.Snapshot.Primary),
            (c.Snapshot.PrimaryScalerRef, c.Snapshot.PrimaryScaler),
            (ServicePlanner.RefOf(c.Canary, c.Canary.ApexService), c.Snapshot.Find(ServicePlanner.RefOf(c.Canary, c.Canary.ApexService))),
        };
        foreach (var (reference, obj) in kept)
        {
            if (reference is not null && obj is not null)
            {
                draft.Prepare(ObjectChange.Between(reference, obj, Released(c, obj)));
            }
        }

        foreach (var change in c.Snapshot.Router?.Restore(c.Snapshot.RouteInput()).Changes ?? [])
        {
            draft.Prepare(change);
        }

        return draft.Warning(Reasons.Terminating, Messages.PrimaryKept(c.Canary)).Finalizer(FinalizerChange.Remove).AtRest("left the primary in place");
    }

    private static StepDecision Done(StepContext c)
        => c.Draft().Normal(Reasons.Terminating, Messages.Terminated(c.Canary)).Finalizer(FinalizerChange.Remove).Leave("terminated");

    private static JsonObject Released(StepContext c, JsonObject obj)
    {
        var released = obj.Copy();
        var owners = released.ListAt("metadata", "ownerReferences").Where(o => o.Text("uid") != c.Canary.Uid).Select(o => o.DeepClone()).ToArray();
        released.Metadata().Remove("ownerReferences");
        if (owners.Length > 0)
        {
            released.Metadata()["ownerReferences"] = new JsonArray(owners);
        }

        return released;
    }
}
