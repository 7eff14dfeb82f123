using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>What is remembered of a Canary.</summary>
/// <param name="Apex">Name of the Service that users call.</param>
public sealed record IndexedCanary(CanaryKey Key, string Uid, TargetKey Target, string Apex, bool IsBeingDeleted)
{
    /// <summary>The Deployment that is generated from the target.</summary>
    public string PrimaryName => $"{Target.Name}-primary";

    /// <summary>Names of its three Services.</summary>
    public IReadOnlyList<string> Services => [Apex, $"{Apex}-primary", $"{Apex}-canary"];

    internal static IndexedCanary Of(JsonObject canary)
    {
        var target = TargetKey.Of(canary);
        return new(
            new(canary.Namespace(), canary.Name()),
            canary.Uid(),
            target,
            canary.Text("spec", "service", "name") is { Length: > 0 } apex ? apex : target.Name,
            canary.IsBeingDeleted());
    }
}

/// <summary>A workload that a Canary releases: kind and name in the Canary's namespace.</summary>
public sealed record TargetKey(string Kind, string Namespace, string Name)
{
    internal static TargetKey Of(JsonObject canary)
        => new(canary.Text("spec", "targetRef", "kind") ?? "", canary.Namespace(), canary.Text("spec", "targetRef", "name") ?? "");
}
