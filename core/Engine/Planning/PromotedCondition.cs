using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>The contract's condition for each phase (contracts/core.md 3.5).</summary>
internal static class PromotedCondition
{
    internal static (string Status, string Message) Of(CanaryPhase phase, string targetKind) => phase switch
    {
        CanaryPhase.Initialized => (Condition.True, $"{targetKind} initialization completed."),
        CanaryPhase.Waiting or CanaryPhase.WaitingPromotion => (Condition.Unknown, "Waiting for approval."),
        CanaryPhase.Progressing => (Condition.Unknown, "New revision detected, progressing canary analysis."),
        CanaryPhase.Promoting => (Condition.Unknown, "Canary analysis completed, starting primary rolling update."),
        CanaryPhase.Finalising => (Condition.Unknown, "Canary analysis completed, routing all traffic to primary."),
        CanaryPhase.Succeeded => (Condition.True, "Canary analysis completed successfully, promotion finished."),
        CanaryPhase.Failed => (Condition.False, $"Canary analysis failed, {targetKind} scaled to zero."),
        CanaryPhase.Terminating or CanaryPhase.Terminated => (Condition.Unknown, "Canary is being deleted, restoring the target."),
        _ => (Condition.Unknown, $"New {targetKind} detected, starting initialization."),
    };
}
