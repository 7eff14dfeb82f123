namespace CanaryFunctions.LoadTester.Gates;

/// <summary>What a gate decides.</summary>
public enum GateKind
{
    /// <summary>Shared by confirm-rollout, confirm-traffic-increase and confirm-promotion.</summary>
    Confirm,

    /// <summary>Open means: roll back.</summary>
    Rollback,
}
