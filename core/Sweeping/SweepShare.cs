using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>
/// Which Canaries of a sweep are one replica's, by rendezvous hashing: every replica that knows the same members comes to the same answer, and one that goes
/// leaves only its own Canaries to the others. Two that differ for a moment look twice, which costs time and nothing else.
/// </summary>
public sealed class SweepShare
{
    private readonly string _own;
    private readonly IReadOnlyList<string> _others;

    private SweepShare(string own, IReadOnlyList<string> others) => (_own, _others) = (own, others);

    /// <summary>All Canaries: the only replica.</summary>
    public static SweepShare Whole { get; } = new("", []);

    /// <summary>
    /// Messages may have died with a process that kept them in memory: running Canaries get theirs anew, for the time that their status says, not only those
    /// that are overdue.
    /// </summary>
    public bool TakesOver { get; private init; }

    /// <param name="own">The identity of this replica.</param>
    /// <param name="members">The identities of all that live; this one may be among them.</param>
    public static SweepShare Of(string own, IEnumerable<string> members) => new(own, [.. members.Where(m => m != own).Distinct(StringComparer.Ordinal)]);

    /// <summary>The same Canaries, with <see cref="TakesOver"/>.</summary>
    public SweepShare TakingOver() => new(_own, _others) { TakesOver = true };

    /// <summary>Whether the Canary of this uid is this replica's.</summary>
    public bool Has(string uid)
    {
        var mine = Weight(_own, uid);
        return _others.All(other => (Weight(other, uid), other).CompareTo((mine, _own)) < 0);
    }

    private static ulong Weight(string member, string uid)
        => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{member}/{uid}")));
}
