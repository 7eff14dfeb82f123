using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>How many pods the target gets when it comes up from zero (contracts/core.md 4.1).</summary>
internal static class ReplicaRules
{
    /// <summary>The scaler's minimum, or without a scaler the primary's size; at least 1.</summary>
    internal static int FromZero(JsonObject? scaler, JsonObject? primary)
        => Math.Max(1, scaler is not null ? scaler.Integer("spec", "minReplicas") ?? 1 : primary?.Integer("spec", "replicas") ?? 1);

    /// <summary>As many as the primary has: what the target needs to take over again.</summary>
    internal static int LikePrimary(JsonObject? scaler, JsonObject? primary)
        => Math.Max(primary?.Integer("spec", "replicas") ?? 1, FromZero(scaler, primary));
}
