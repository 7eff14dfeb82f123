using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>Keeps hints, sweeps and successors from becoming parallel chains: an early delivery that sees nothing new does nothing.</summary>
internal static class DueGates
{
    internal static StepDecision? NotDue(StepContext c) => IsDue(c) || SeesSomethingNew(c) ? null : new StepDecision.Nothing("not due");

    private static bool IsDue(StepContext c)
        => c.Status.NextStepAt is { } due ? due <= c.Now : !PhaseTransitions.IsAtRest(c.Status.Phase);

    private static bool SeesSomethingNew(StepContext c)
        => c.Status.ObservedGeneration != c.Canary.Generation
            || (c.Snapshot.Target!.Generation() != c.Status.ObservedTargetGeneration && c.Snapshot.TargetHash != c.Status.LastAppliedSpec)
            || (PhaseTransitions.IsAtRest(c.Status.Phase) && !TemplateHash.IsOurs(c.Status.LastAppliedSpec));
}
