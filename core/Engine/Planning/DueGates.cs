using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>Keeps hints, sweeps and successors from becoming parallel chains: an early delivery that sees nothing new does nothing.</summary>
internal static class DueGates
{
    internal static StepDecision? NotDue(StepContext c) => IsDue(c) || SeesSomethingNew(c) ? null : new StepDecision.Nothing("not due");

    private static bool IsDue(StepContext c)
        => c.Status.NextStepAt is { } due ? due <= c.Now || due - c.Now > LongestWait(c) : !PhaseTransitions.IsAtRest(c.Status.Phase);

    // Due later than any step waits: the clock was set back.
    private static TimeSpan LongestWait(StepContext c)
        => c.Snapshot.Options.Scaled(c.Canary.LongestWait > c.Snapshot.Options.MinimumInterval ? c.Canary.LongestWait : c.Snapshot.Options.MinimumInterval);

    private static bool SeesSomethingNew(StepContext c)
        => c.Status.ObservedGeneration != c.Canary.Generation
            || (c.Snapshot.Target!.Generation() != c.Status.ObservedTargetGeneration && c.Snapshot.TargetHash != c.Status.LastAppliedSpec)
            || (PhaseTransitions.IsAtRest(c.Status.Phase) && (!TemplateHash.IsOurs(c.Status.LastAppliedSpec) || RestGates.LacksPrimary(c)));
}
