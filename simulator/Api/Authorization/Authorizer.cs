using System.Collections.Concurrent;
using CanaryFunctions.Simulator.Api.Storage;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>Says who may do what by the stored roles, and keeps which rights were made use of and what was refused. Thread-safe.</summary>
internal sealed class Authorizer(ObjectStore store)
{
    private const string Masters = "system:masters";
    private const int RefusalLimit = 1_000;

    private readonly ConcurrentDictionary<AccessGrant, bool> _used = new();
    private readonly ConcurrentQueue<AccessRefusal> _refusals = [];
    private long _version;
    private volatile Snapshot? _snapshot;

    /// <summary>Each right that allowed a request, once. At most as many as the roles spell.</summary>
    public IReadOnlyCollection<AccessGrant> Used => [.. _used.Keys];

    /// <summary>What was refused, oldest first; the last thousand.</summary>
    public IReadOnlyList<AccessRefusal> Refusals => [.. _refusals];

    /// <summary>Runs inside the store's write.</summary>
    public void OnChange(StoreEvent change)
    {
        if (change.Object.Kind.StartsWith("rbac.authorization.k8s.io/", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>Throws when the user may not.</summary>
    /// <exception cref="Http.ApiError">403, in a real server's words.</exception>
    public void Demand(AccessAttributes wanted)
    {
        var (isAllowed, reason) = Ask(wanted, record: true);
        if (isAllowed)
        {
            return;
        }

        var refusal = wanted.Refusal(reason);
        _refusals.Enqueue(new(wanted.User.Name, refusal.Message));
        while (_refusals.Count > RefusalLimit)
        {
            _refusals.TryDequeue(out _);
        }

        throw refusal;
    }

    /// <summary>Whether the user may, and why; a question counts as no use.</summary>
    public (bool IsAllowed, string Reason) Ask(AccessAttributes wanted) => Ask(wanted, record: false);

    public IEnumerable<AccessRule> RulesOf(ApiUser user, string ns) => user.Groups.Contains(Masters) ? BootstrapRoles.Everything : Policy().RulesOf(user, ns);

    private (bool IsAllowed, string Reason) Ask(AccessAttributes wanted, bool record)
    {
        // As in the real server, before any role is looked at: a cluster without roles must still have somebody who can make them.
        if (wanted.User.Groups.Contains(Masters))
        {
            return (true, "");
        }

        var (grant, reason) = Policy().Decide(wanted);
        if (record && grant is not null)
        {
            _used.TryAdd(grant, true);
        }

        return (grant is not null, reason);
    }

    private AccessPolicy Policy()
    {
        // The version is taken first: a change in between makes the snapshot old and never the other way round.
        var version = Interlocked.Read(ref _version);
        if (_snapshot is not { } known || known.Version != version)
        {
            _snapshot = known = new(version, AccessPolicy.Read(store));
        }

        return known.Policy;
    }

    private sealed record Snapshot(long Version, AccessPolicy Policy);
}
