using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>May this Canary be acted on at all?</summary>
internal static class AcceptanceGates
{
    internal static StepDecision? ForeignController(StepContext c)
    {
        // Ours would have its prefix. Where we have never been, the value is from before our time: that is adoption.
        var isForeign = c.Status.LastAppliedSpec is { } hash && !TemplateHash.IsOurs(hash) && HasBeenOurs(c);
        var isNewSpec = c.Status.ObservedGeneration != c.Canary.Generation && c.Status.Condition(Condition.Accepted)?.Reason == Reasons.ForeignController;
        return isForeign && !isNewSpec
            ? Gates.Held(c.Snapshot, Reasons.ForeignController,
                $"Another controller wrote status.lastAppliedSpec '{c.Status.LastAppliedSpec}' of {c.Canary.Key}: stop it, then change the Canary's spec to go on.", null)
            : null;
    }

    // A controller that knows fewer fields writes the status without ours. The finalizer stays; others set it only where a deletion has to revert.
    private static bool HasBeenOurs(StepContext c)
        => c.Status.Step > 0 || (BootstrapGates.FinalizerFor(c) == FinalizerChange.None && !c.Spec.RevertOnDeletion);

    /// <summary>The last status lost its fields. Nothing moves; a status of its own tells whether they stay now.</summary>
    internal static StepDecision? SchemaPrunesStatus(StepContext c)
        => c.Status.Step == 0 && c.Status.Condition(Condition.Accepted)?.Reason == Reasons.SchemaPrunesStatus
            ? new StepDecision.Write(new([], c.Draft().Status with { NextStepAt = c.Now }, Reasons.SchemaPrunesStatus))
            : null;

    internal static StepDecision? Suspended(StepContext c)
    {
        if (!c.Spec.Suspend)
        {
            return null;
        }

        return c.Status.Condition(Condition.Suspended) is not null
            ? new StepDecision.Nothing(Reasons.Suspended)
            : c.Draft().SetCondition(Condition.Suspended, Condition.True, Reasons.Suspended, "spec.suspend is set: nothing moves until it is removed.")
                .Normal(Reasons.Suspended, Messages.Suspended).Leave(Reasons.Suspended);
    }

    internal static StepDecision? InvalidSpec(StepContext c) => c.Snapshot.SpecProblems.Count == 0
        ? null
        : Gates.Held(c.Snapshot, Reasons.InvalidSpec, $"invalid canary spec: {string.Join(" ", c.Snapshot.SpecProblems)}", null);

    internal static StepDecision? DuplicateTarget(StepContext c) => c.Snapshot.OlderOwner is { } owner
        ? Gates.Held(c.Snapshot, Reasons.DuplicateTarget,
            $"spec.targetRef.name: '{c.Canary.TargetName}' is the target of the older canary {owner} already; a target has one canary.", null)
        : null;

    internal static StepDecision? MissingReference(StepContext c)
    {
        var problem = Missing(c);
        return problem is null ? null : Gates.Held(c.Snapshot, Reasons.ReferenceMissing, problem, TimeSpan.FromSeconds(30));
    }

    private static string? Missing(StepContext c)
    {
        var ns = c.Canary.Namespace;
        if (c.Snapshot.Target is null)
        {
            return $"spec.targetRef: deployment {c.Canary.TargetName}.{ns} does not exist.";
        }

        if (c.Snapshot.Selector is null)
        {
            return $"deployment {c.Canary.TargetName}.{ns} spec.selector.matchLabels must contain one of [{string.Join(' ', c.Snapshot.Options.SelectorLabels)}]";
        }

        if (c.Spec.AutoscalerRef is not { Reference: var scaler })
        {
            return null;
        }

        return c.Snapshot.ScalerKind is null ? $"spec.autoscalerRef: the cluster serves no {scaler.Kind} in group '{scaler.Group}'."
            : c.Snapshot.Scaler is null ? $"spec.autoscalerRef: {scaler.Kind} {scaler.Name}.{ns} does not exist."
            : null;
    }
}
