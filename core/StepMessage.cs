using System.Text.Json;
using System.Text.Json.Serialization;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core;

/// <summary>
/// "Look at this Canary." A key and a cause; the rest is evidence of what somebody saw, believed only if the objects read later agree.
/// </summary>
/// <param name="Cause">Why it was sent, for logs: one of <see cref="StepCauses"/>.</param>
public sealed record StepMessage(string Namespace, string Name, string Cause)
{
    // Pods are not sooner ready for being looked at, while an analysis has its times.
    private static readonly TimeSpan PatienceOfWaits = TimeSpan.FromSeconds(2);

    /// <summary>Name of the cluster (<see cref="CanaryOptions.MessageCluster"/>); null for the only one. Every message that comes of this one carries it on.</summary>
    public string? Cluster { get; init; }

    /// <summary>Generation that the Canary will at least have once the admitted edit is stored.</summary>
    public long? CanaryGeneration { get; init; }

    public string? TargetUid { get; init; }

    /// <summary>Generation that the target will at least have once the admitted write is stored.</summary>
    public long? TargetGeneration { get; init; }

    /// <summary>Hash of the admitted template.</summary>
    public string? TargetHash { get; init; }

    /// <summary>Who made the write.</summary>
    public string? User { get; init; }

    /// <summary>Looks so far that did not see what they look for.</summary>
    public int Looks { get; init; }

    /// <summary>What a step that waits for pods saw of them, by <see cref="Engine.PodSight"/>; null after other steps.</summary>
    public string? Seen { get; init; }

    [JsonIgnore]
    public CanaryKey Key => new(Namespace, Name);

    /// <summary>The message for the steps queue.</summary>
    public QueueMessage ToMessage(string id, DateTimeOffset? notBefore = null)
        => new(QueueNames.Steps, id, JsonSerializer.Serialize(this, MessageJson.Default.StepMessage), notBefore) { Patience = Seen is null ? TimeSpan.Zero : PatienceOfWaits };
}

public static class StepCauses
{
    /// <summary>The admission webhook saw a write.</summary>
    public const string Admission = "admission";

    /// <summary>The step before it asked for it.</summary>
    public const string Successor = "successor";

    /// <summary>The sweep found it due, stuck or changed.</summary>
    public const string Sweep = "sweep";

    /// <summary>A step failed on something that passes; this is its copy.</summary>
    public const string Retry = "retry";
}
