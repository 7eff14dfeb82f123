using static CanaryFunctions.Core.Canaries.CanaryPhase;

namespace CanaryFunctions.Core.Canaries;

/// <summary>The one table of allowed phase changes (contracts/core.md 2.2). Staying in a phase is no change and always allowed.</summary>
public static class PhaseTransitions
{
    public static bool IsAllowed(CanaryPhase from, CanaryPhase to) => from == to || to == Terminating || (from, to) switch
    {
        (None, Initializing) => true,
        (Initializing, Initialized) => true,
        (Initialized or Succeeded or Failed, Waiting or Progressing) => true,

        // Succeeded: the target came back to the promoted revision while its approval was awaited.
        (Waiting, Progressing or Failed or Succeeded) => true,

        // Waiting: another revision came during the analysis and needs an approval of its own.
        (Progressing, Waiting or WaitingPromotion or Promoting or Failed or Succeeded) => true,
        (WaitingPromotion, Waiting or Progressing or Promoting or Failed or Succeeded) => true,
        (Promoting, Finalising or Failed) => true,
        (Finalising, Succeeded or Failed) => true,
        (Terminating, Terminated) => true,
        _ => false,
    };

    /// <summary>Phases in which a run is under way: something is due at <c>nextStepAt</c>.</summary>
    public static bool IsRunning(CanaryPhase phase) => phase is Waiting or Progressing or WaitingPromotion or Promoting or Finalising;

    /// <summary>Phases in which checks decide.</summary>
    public static bool IsAnalysing(CanaryPhase phase) => phase is Progressing or WaitingPromotion;

    /// <summary>Phases that nothing leaves without an event from outside.</summary>
    public static bool IsAtRest(CanaryPhase phase) => phase is Initialized or Succeeded or Failed or Terminated;
}
