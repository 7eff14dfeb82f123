using System.Security.Cryptography;
using System.Text;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Admission;

/// <summary>"Look at this Canary", as admission saw it: the Canary and the evidence of what was written.</summary>
/// <param name="ReviewUid">Which review said it. A review that is sent again makes the same message.</param>
public sealed record StepHint(CanaryKey Canary, string ReviewUid)
{
    /// <summary>As in <see cref="StepMessage.Cluster"/>.</summary>
    public string? Cluster { get; init; }

    /// <summary>Generation of the Canary once the write is stored; null when it is not an edit of the Canary.</summary>
    public long? CanaryGeneration { get; init; }

    /// <summary>Null when the target was not what changed, or is not created yet.</summary>
    public string? TargetUid { get; init; }

    /// <summary>Generation of the target once the write is stored.</summary>
    public long? TargetGeneration { get; init; }

    /// <summary>Hash of the admitted pod template.</summary>
    public string? TargetHash { get; init; }

    /// <summary>Who made the write.</summary>
    public string? User { get; init; }

    /// <summary>One hint for two: the newer evidence of the target, and of the Canary, from whichever has any.</summary>
    public StepHint Merge(StepHint newer)
    {
        var isOlderWrite = newer.TargetHash is null || (newer.TargetUid == TargetUid && newer.TargetGeneration < TargetGeneration);
        var merged = TargetHash is not null && isOlderWrite ? this with { ReviewUid = newer.ReviewUid } : newer;
        return merged with { CanaryGeneration = ((long?[])[CanaryGeneration, newer.CanaryGeneration]).Max() };
    }

    /// <summary>
    /// The message for the steps queue. Its id comes from the review and not from the evidence: a write that failed after admission and is made again has the
    /// same evidence, and must not be taken for a duplicate.
    /// </summary>
    public QueueMessage ToMessage()
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{Cluster}|{Canary}|{ReviewUid}"));
        var message = new StepMessage(Canary.Namespace, Canary.Name, StepCauses.Admission)
        {
            Cluster = Cluster,
            CanaryGeneration = CanaryGeneration,
            TargetUid = TargetUid,
            TargetGeneration = TargetGeneration,
            TargetHash = TargetHash,
            User = User,
        };
        return message.ToMessage($"admission-{Convert.ToHexStringLower(name.AsSpan(0, 16))}");
    }
}
