using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>
/// Deployments: one ReplicaSet per pod template, sizes moved by <see cref="RolloutPlan"/>, status by <see cref="DeploymentStatus"/>.
/// Every write carries the resourceVersion it was decided on.
/// </summary>
internal sealed class DeploymentController
{
    private readonly IClusterClient _client;
    private readonly WorkloadOptions _options;
    private readonly ObjectCache _deployments;
    private readonly ObjectCache _sets;
    private readonly ObjectCache _pods;
    private readonly ReconcileLoop _loop;
    private readonly EventRecorder _events;
    private readonly ProgressClock _progress;

    public DeploymentController(IClusterClient client, ClusterCache cache, WorkloadOptions options, ILogger logger)
    {
        (_client, _options) = (client, options);
        _deployments = cache.For(Kinds.Deployment);
        _sets = cache.For(WorkloadKinds.ReplicaSet);
        _pods = cache.For(WorkloadKinds.Pod);
        _events = new EventRecorder(client, options.TimeProvider, "deployment-controller", logger);
        _progress = new ProgressClock(options);
        _loop = new ReconcileLoop("deployment-controller", options.TimeProvider, logger, ReconcileAsync);
        _deployments.Changed += (key, _, _) => _loop.Add(key);
        _sets.Changed += (_, before, after) => AddOwner(after ?? before);
        _pods.Changed += (_, before, after) => AddOwnerOfSet(after is null ? before : null);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_deployments.Synced, _sets.Synced, _pods.Synced).WaitAsync(ct);
        foreach (var deployment in _deployments.All)
        {
            _loop.Add(ObjectKey.Of(deployment));
        }

        await _loop.RunAsync(ct);
    }

    private async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (_deployments.Find(key) is not { } deployment || deployment.IsBeingDeleted())
        {
            _progress.Forget(key);
            return null;
        }

        var view = DeploymentView.Of(deployment, _sets.In(key.Namespace));
        if (view.Current is null && !view.IsPaused)
        {
            await CreateSetAsync(view, ct);
            return null;                                             // its arrival in the cache brings us back
        }

        if (await NumberRevisionAsync(view, ct))
        {
            return null;                                             // so does what was just written: its resourceVersion is needed below
        }

        await ResizeAsync(view, ct);
        await ForgetOldRevisionsAsync(view, ct);
        return await WriteStatusAsync(key, view, ct);
    }

    private async Task CreateSetAsync(DeploymentView view, CancellationToken ct)
    {
        var deployment = view.Deployment;
        var hash = ShortNames.OfTemplate(deployment.At("spec", "template"));
        var set = KubeObject.New(WorkloadKinds.ReplicaSet, deployment.Namespace(), $"{deployment.Name()}-{hash}");
        var template = deployment.ObjectAt("spec", "template")!.Copy();
        template.Metadata().Section("labels")["pod-template-hash"] = hash;
        var selector = deployment.ObjectAt("spec", "selector")?.Copy() ?? [];
        selector.Section("matchLabels")["pod-template-hash"] = hash;
        set.Metadata()["labels"] = template.ObjectAt("metadata", "labels")!.DeepClone();
        set.Metadata()["annotations"] = new JsonObject { [DeploymentView.RevisionAnnotation] = $"{NextRevision(view)}" };
        set.Metadata()["ownerReferences"] = Ownership.ControlledBy(deployment, Kinds.Deployment);
        set["spec"] = new JsonObject
        {
            ["replicas"] = 0,
            ["minReadySeconds"] = deployment.Integer("spec", "minReadySeconds") ?? 0,
            ["selector"] = selector,
            ["template"] = template,
        };

        // Starts empty: how far it may grow is decided when it is seen, by the same rule as every other size.
        await _client.CreateAsync(WorkloadKinds.ReplicaSet, set, ct);
    }

    private static long NextRevision(DeploymentView view) => view.Sets.Select(DeploymentView.Revision).DefaultIfEmpty().Max() + 1;

    // A template that comes back is a new revision of its old ReplicaSet.
    private async Task<bool> NumberRevisionAsync(DeploymentView view, CancellationToken ct)
    {
        if (view.Current is not { } current)
        {
            return false;
        }

        var newest = view.Older.Select(DeploymentView.Revision).DefaultIfEmpty().Max();
        var revision = $"{Math.Max(DeploymentView.Revision(current), newest + 1)}";
        var wrote = current.Annotation(DeploymentView.RevisionAnnotation) != revision;
        if (wrote)
        {
            await _client.MergePatchAsync(current.RefOf(WorkloadKinds.ReplicaSet), Annotate(revision), null, ct);
        }

        if (view.Deployment.Annotation(DeploymentView.RevisionAnnotation) != revision)
        {
            await _client.MergePatchAsync(view.Deployment.RefOf(Kinds.Deployment), Annotate(revision), null, ct);
            wrote = true;
        }

        return wrote;
    }

    private static JsonObject Annotate(string revision)
        => new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [DeploymentView.RevisionAnnotation] = revision } } };

    private async Task ResizeAsync(DeploymentView view, CancellationToken ct)
    {
        var remaining = view.IsRecreate && _pods.In(view.Deployment.Namespace()).Any(p => view.Older.Any(s => Ownership.IsControlledBy(p, s)));
        foreach (var (set, replicas) in RolloutPlan.Next(view, remaining))
        {
            var before = DeploymentView.Size(set);
            await _client.MergePatchAsync(
                set.RefOf(WorkloadKinds.ReplicaSet),
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = set.ResourceVersion() },
                    ["spec"] = new JsonObject { ["replicas"] = replicas },
                },
                null, ct);
            await _events.RecordAsync(
                Kinds.Deployment, view.Deployment, "Normal", "ScalingReplicaSet",
                $"Scaled {(replicas > before ? "up" : "down")} replica set {set.Name()} from {before} to {replicas}", ct);
        }
    }

    private async Task ForgetOldRevisionsAsync(DeploymentView view, CancellationToken ct)
    {
        if (!DeploymentStatus.IsComplete(view, DeploymentStatus.Counts(view)))
        {
            return;
        }

        var empty = view.Older.Where(s => DeploymentView.Size(s) == 0 && DeploymentView.Count(s, "replicas") == 0).ToList();
        var surplus = empty.Count - (view.Deployment.Integer("spec", "revisionHistoryLimit") ?? 10);
        foreach (var set in empty.Take(Math.Max(0, surplus)))
        {
            await _client.DeleteAsync(set.RefOf(WorkloadKinds.ReplicaSet), new DeleteOptions(set.ResourceVersion(), set.Uid()), ct);
        }
    }

    private async Task<TimeSpan?> WriteStatusAsync(ObjectKey key, DeploymentView view, CancellationToken ct)
    {
        var (overdue, left) = _progress.Look(key, view);
        var status = DeploymentStatus.Of(view, overdue, _options.TimeProvider.GetUtcNow());
        if (!JsonNode.DeepEquals(view.Deployment["status"], status))
        {
            var desired = view.Deployment.Copy();
            desired["status"] = status;
            await _client.ReplaceStatusAsync(Kinds.Deployment, desired, ct);
        }

        return left;
    }

    private void AddOwner(JsonObject? set)
    {
        if (Ownership.ControllerKey(set, "Deployment") is { } owner)
        {
            _loop.Add(owner);
        }
    }

    private void AddOwnerOfSet(JsonObject? gonePod)
    {
        if (Ownership.ControllerKey(gonePod, "ReplicaSet") is { } set)
        {
            AddOwner(_sets.Find(set));
        }
    }
}
