using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>
/// ReplicaSets: as many pods as asked for. Pods' names derive from the ReplicaSet and a slot, so that a look at an outdated cache makes no pod too many.
/// </summary>
internal sealed class ReplicaSetController
{
    private readonly IClusterClient _client;
    private readonly WorkloadOptions _options;
    private readonly ObjectCache _sets;
    private readonly ObjectCache _pods;
    private readonly ReconcileLoop _loop;

    public ReplicaSetController(IClusterClient client, ClusterCache cache, WorkloadOptions options, ILogger logger)
    {
        (_client, _options) = (client, options);
        _sets = cache.For(WorkloadKinds.ReplicaSet);
        _pods = cache.For(WorkloadKinds.Pod);
        _loop = new ReconcileLoop("replicaset-controller", options.TimeProvider, logger, ReconcileAsync);
        _sets.Changed += (key, _, _) => _loop.Add(key);
        _pods.Changed += (_, before, after) => AddOwner(after ?? before);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_sets.Synced, _pods.Synced).WaitAsync(ct);
        foreach (var set in _sets.All)
        {
            _loop.Add(ObjectKey.Of(set));
        }

        await _loop.RunAsync(ct);
    }

    private async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (_sets.Find(key) is not { } set || set.IsBeingDeleted())
        {
            return null;
        }

        var all = _pods.In(key.Namespace).Where(p => Ownership.IsControlledBy(p, set)).ToList();
        var active = all.Where(p => !p.IsBeingDeleted() && p.Text("status", "phase") is not ("Succeeded" or "Failed")).ToList();
        var wanted = DeploymentView.Size(set);
        if (active.Count < wanted)
        {
            await CreatePodsAsync(set, wanted - active.Count, [.. all.Select(p => p.Name())], ct);
        }
        else
        {
            await DeletePodsAsync(active, active.Count - wanted, ct);
        }

        return await WriteStatusAsync(set, active, ct);
    }

    private async Task CreatePodsAsync(JsonObject set, int missing, HashSet<string> taken, CancellationToken ct)
    {
        for (var slot = 0; missing > 0; slot++)
        {
            var name = $"{set.Name()}-{ShortNames.Of($"{set.Uid()}/{slot}", 5)}";
            if (!taken.Add(name))
            {
                continue;
            }

            missing--;
            try
            {
                await _client.CreateAsync(WorkloadKinds.Pod, PodOf(set, name), ct);
            }
            catch (ClusterException e) when (e.IsAlreadyExists)
            {
                // Made by an earlier look that the cache has not caught up with.
            }
        }
    }

    private static JsonObject PodOf(JsonObject set, string name)
    {
        var template = set.ObjectAt("spec", "template");
        var pod = KubeObject.New(WorkloadKinds.Pod, set.Namespace(), name);
        foreach (var field in (string[])["labels", "annotations"])
        {
            if (template.ObjectAt("metadata", field) is { } values)
            {
                pod.Metadata()[field] = values.DeepClone();
            }
        }

        pod.Metadata()["generateName"] = $"{set.Name()}-";
        pod.Metadata()["ownerReferences"] = Ownership.ControlledBy(set, WorkloadKinds.ReplicaSet);
        pod["spec"] = template.ObjectAt("spec")?.DeepClone();
        return pod;
    }

    // Pods that serve least go first; of equals the youngest. The order is total, so that a second look chooses the same ones.
    private async Task DeletePodsAsync(List<JsonObject> active, int surplus, CancellationToken ct)
    {
        var victims = active
            .OrderBy(p => p.Text("spec", "nodeName") is null ? 0 : 1)
            .ThenBy(p => StatusConditions.IsTrue(p, "Ready"))
            .ThenByDescending(p => p.Time("metadata", "creationTimestamp"))
            .ThenByDescending(p => p.Name(), StringComparer.Ordinal)
            .Take(surplus);
        foreach (var pod in victims)
        {
            await _client.DeleteAsync(pod.RefOf(WorkloadKinds.Pod), new DeleteOptions(Uid: pod.Uid()), ct);
        }
    }

    private async Task<TimeSpan?> WriteStatusAsync(JsonObject set, List<JsonObject> active, CancellationToken ct)
    {
        var (available, next) = Available(set, active);
        var ready = active.Count(p => StatusConditions.IsTrue(p, "Ready"));
        var status = new JsonObject { ["replicas"] = active.Count };
        foreach (var (field, count) in (ReadOnlySpan<(string, int)>)[("fullyLabeledReplicas", active.Count), ("readyReplicas", ready), ("availableReplicas", available)])
        {
            if (count > 0)
            {
                status[field] = count;
            }
        }

        status["observedGeneration"] = set.Generation();
        if (!JsonNode.DeepEquals(set["status"], status))
        {
            var desired = set.Copy();
            desired["status"] = status;
            await _client.ReplaceStatusAsync(WorkloadKinds.ReplicaSet, desired, ct);
        }

        return next;
    }

    /// <summary>Pods that have been ready for <c>minReadySeconds</c> (nominal), and when the next one will be.</summary>
    private (int Count, TimeSpan? Next) Available(JsonObject set, List<JsonObject> active)
    {
        var needed = _options.Scaled(TimeSpan.FromSeconds(set.Integer("spec", "minReadySeconds") ?? 0));
        var now = _options.TimeProvider.GetUtcNow();
        var left = active
            .Where(p => StatusConditions.IsTrue(p, "Ready"))
            .Select(p => (StatusConditions.Find(p, "Ready").Time("lastTransitionTime") ?? now) + needed - now)
            .ToList();
        return (left.Count(t => t <= TimeSpan.Zero || needed == TimeSpan.Zero), left.Where(t => t > TimeSpan.Zero && needed > TimeSpan.Zero).Select(t => (TimeSpan?)t).Min());
    }

    private void AddOwner(JsonObject? pod)
    {
        if (Ownership.ControllerKey(pod, "ReplicaSet") is { } owner)
        {
            _loop.Add(owner);
        }
    }
}
