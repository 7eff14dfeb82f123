using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>
/// Which replicas live, as their Leases tell. Clocks differ between machines, so a replica lives for as long after its last renewal was seen here as its Lease
/// says; only at the first sight of one its own time has to do.
/// </summary>
internal sealed class SweepMembers
{
    // Much longer than any clock is off: it is not coming back.
    private const int LongDeadDurations = 10;

    private readonly Lock _gate = new();
    private readonly WatchedSet<Lease> _leases;
    private readonly Dictionary<string, TimeSpan> _ends = new(StringComparer.Ordinal);
    private readonly string _own;
    private readonly TimeProvider _time;

    internal SweepMembers(string own, TimeProvider time)
    {
        (_own, _time) = (own, time);
        _leases = new(Read) { Added = Saw };
    }

    internal void Apply(WatchEvent change)
    {
        lock (_gate)
        {
            _leases.Apply(change);
        }
    }

    /// <summary>Identities of the replicas that live, this one always among them, in order.</summary>
    internal IReadOnlyList<string> Live()
    {
        lock (_gate)
        {
            var now = _time.Steady();
            return [.. _leases.Values.Select(l => l.Identity).Where(i => _ends[i] > now).Append(_own).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>When, by <see cref="SteadyTime"/>, the next of the others is given up unless it renews; null for never.</summary>
    internal TimeSpan? NextEnd()
    {
        lock (_gate)
        {
            var now = _time.Steady();
            var ends = _leases.Values.Where(l => l.Identity != _own).Select(l => _ends[l.Identity]).Where(e => e > now).ToList();
            return ends.Count == 0 ? null : ends.Min();
        }
    }

    /// <summary>Names and uids of Leases whose replica is long gone.</summary>
    internal IReadOnlyList<(string Name, string Uid)> LongDead()
    {
        lock (_gate)
        {
            var now = _time.Steady();
            return [.. _leases.Values.Where(l => l.Identity != _own && _ends[l.Identity] + (LongDeadDurations * l.Duration) < now).Select(l => (l.Name, l.Uid))];
        }
    }

    private static Lease Read(JsonObject lease) => new(
        lease.Name(),
        lease.Uid(),
        lease.Text("spec", "holderIdentity") ?? lease.Name(),
        lease.Time("spec", "renewTime") ?? DateTimeOffset.MinValue,
        TimeSpan.FromSeconds(Math.Max(1, lease.Integer("spec", "leaseDurationSeconds") ?? 1)));

    private void Saw(Lease lease)
    {
        var now = _time.Steady();
        var isRenewal = _ends.ContainsKey(lease.Identity);
        var left = lease.Renewed + lease.Duration - _time.GetUtcNow();
        _ends[lease.Identity] = now + (isRenewal || left > TimeSpan.Zero ? lease.Duration : left);
    }

    private sealed record Lease(string Name, string Uid, string Identity, DateTimeOffset Renewed, TimeSpan Duration);
}
