using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>
/// The work of all Canaries, as the watches of Canaries and Deployments tell of it. A release is seen by the new generation of its target, on every replica and
/// whether or not a hint came. Thread-safe.
/// </summary>
internal sealed class WorkIndex(ChangeSignal changed)
{
    private readonly Lock _gate = new();
    private readonly WatchedSet<CanaryWork> _canaries = new(CanaryWork.Of);
    private readonly WatchedSet<long> _targets = new(KubeObject.Generation);

    /// <summary>Whether both lists are read. Until then absence proves nothing.</summary>
    public bool IsSynced
    {
        get
        {
            lock (_gate)
            {
                return _canaries.IsSynced && _targets.IsSynced;
            }
        }
    }

    /// <summary>Takes in what a watch told; kinds other than Canary and Deployment are nothing to it.</summary>
    public void Apply(ResourceKind kind, WatchEvent change)
    {
        lock (_gate)
        {
            if (kind == Kinds.Canary)
            {
                _canaries.Apply(change);
            }
            else if (kind == Kinds.Deployment)
            {
                _targets.Apply(change);
            }
            else
            {
                return;
            }
        }

        changed.Raise();
    }

    /// <summary>What there is to do for the Canaries that the filter lets through.</summary>
    /// <param name="soon">A look that is due by then counts as due.</param>
    public Workload Measure(Func<string, bool> hasNamespace, DateTimeOffset soon)
    {
        lock (_gate)
        {
            var load = new Workload(0, 0, 0, null);
            foreach (var work in _canaries.Values.Where(w => hasNamespace(w.Key.Namespace)))
            {
                var isDue = work.NextStepAt <= soon || work.IsUnseen || HasNewTarget(work);
                var later = !isDue && !work.IsRunning ? work.NextStepAt : null;
                load = new(
                    load.Running + (work.IsRunning ? 1 : 0),
                    load.Due + (isDue ? 1 : 0),
                    load.Notices + work.Notices,
                    later < load.NextDue || load.NextDue is null ? later ?? load.NextDue : load.NextDue);
            }

            return load;
        }
    }

    private bool HasNewTarget(CanaryWork work)
        => work.KnownGeneration is { } known && _targets.TryFind(work.Key.Namespace, work.Target, out var generation) && generation != known;
}

/// <summary>Work of some Canaries.</summary>
/// <param name="Running">Canaries that workers have to stay for.</param>
/// <param name="Due">Canaries that somebody has to look at now.</param>
/// <param name="Notices">Notices that no queue has yet.</param>
/// <param name="NextDue">When the next look of the others falls due; null when none does.</param>
internal sealed record Workload(int Running, int Due, int Notices, DateTimeOffset? NextDue)
{
    public bool IsEmpty => Running == 0 && Due == 0 && Notices == 0;
}
