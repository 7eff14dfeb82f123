using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using static CanaryFunctions.Simulator.Workloads.DeploymentView;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Computes <c>status</c> of a Deployment: the counters and the conditions Available and Progressing. Pure.</summary>
internal static class DeploymentStatus
{
    public const string NewReplicaSetAvailable = nameof(NewReplicaSetAvailable);
    public const string ProgressDeadlineExceeded = nameof(ProgressDeadlineExceeded);

    /// <param name="overdue">No progress was made for longer than <c>progressDeadlineSeconds</c>.</param>
    public static JsonObject Of(DeploymentView view, bool overdue, DateTimeOffset now)
    {
        var counts = Counts(view);
        var status = new JsonObject { ["observedGeneration"] = view.Deployment.Generation() };
        foreach (var (field, count) in counts.Where(c => c.Value > 0))
        {
            status[field] = count;
        }

        List<JsonObject?> conditions = [Available(view, counts, now), Progressing(view, counts, overdue, now)];
        status["conditions"] = new JsonArray([.. conditions.OfType<JsonObject>()]);
        return status;
    }

    /// <summary>The counters, in the API's order.</summary>
    public static IReadOnlyDictionary<string, int> Counts(DeploymentView view)
    {
        var sets = view.Sets.ToList();
        var available = sets.Sum(s => Count(s, "availableReplicas"));
        return new OrderedDictionary<string, int>
        {
            ["replicas"] = sets.Sum(s => Count(s, "replicas")),
            ["updatedReplicas"] = view.Current is null ? 0 : Count(view.Current, "replicas"),
            ["readyReplicas"] = sets.Sum(s => Count(s, "readyReplicas")),
            ["availableReplicas"] = available,
            ["unavailableReplicas"] = Math.Max(0, Math.Max(view.Wanted, sets.Sum(Size)) - available),
        };
    }

    public static bool IsComplete(DeploymentView view, IReadOnlyDictionary<string, int> counts)
        => view.Current is not null && counts["updatedReplicas"] == view.Wanted && counts["replicas"] == view.Wanted && counts["availableReplicas"] == view.Wanted;

    private static JsonObject Available(DeploymentView view, IReadOnlyDictionary<string, int> counts, DateTimeOffset now)
    {
        var holds = counts["availableReplicas"] >= view.Wanted - view.MaxUnavailable;
        return Condition(
            view, "Available", holds,
            holds ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            holds ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            StatusConditions.Find(view.Deployment, "Available").Text("lastUpdateTime"), now);
    }

    private static JsonObject? Progressing(DeploymentView view, IReadOnlyDictionary<string, int> counts, bool overdue, DateTimeOffset now)
    {
        var before = StatusConditions.Find(view.Deployment, "Progressing");
        if (view.Current is not { } current)
        {
            return before?.Copy();
        }

        var name = current.Name();
        var speaksOfCurrent = before.Text("message")?.Contains($"\"{name}\"", StringComparison.Ordinal) == true;

        // A size change of a finished rollout is no rollout, as in Kubernetes.
        if (speaksOfCurrent && before.Text("reason") == NewReplicaSetAvailable && counts["replicas"] == counts["updatedReplicas"])
        {
            return before!.Copy();
        }

        if (IsComplete(view, counts))
        {
            return Condition(view, "Progressing", true, NewReplicaSetAvailable, $"ReplicaSet \"{name}\" has successfully progressed.", null, now);
        }

        if (!speaksOfCurrent || MadeProgress(view, counts))
        {
            return Condition(view, "Progressing", true, "ReplicaSetUpdated", $"ReplicaSet \"{name}\" is progressing.", null, now);
        }

        return overdue
            ? Condition(view, "Progressing", false, ProgressDeadlineExceeded, $"ReplicaSet \"{name}\" has timed out progressing.", before.Text("lastUpdateTime"), now)
            : before!.Copy();
    }

    /// <summary>Whether these counters are nearer to the end of the rollout than those of the stored status.</summary>
    public static bool MadeProgress(DeploymentView view, IReadOnlyDictionary<string, int> counts)
    {
        int Before(string field) => view.Deployment.Integer("status", field) ?? 0;

        return counts["updatedReplicas"] > Before("updatedReplicas")
            || counts["readyReplicas"] > Before("readyReplicas")
            || counts["availableReplicas"] > Before("availableReplicas")
            || counts["replicas"] - counts["updatedReplicas"] < Before("replicas") - Before("updatedReplicas");
    }

    private static JsonObject Condition(DeploymentView view, string type, bool holds, string reason, string message, string? updated, DateTimeOffset now)
    {
        var before = StatusConditions.Find(view.Deployment, type);
        var condition = StatusConditions.Make(before, type, holds, reason, message, now);
        var same = before.Text("status") == condition.Text("status") && before.Text("reason") == reason;
        condition["lastUpdateTime"] = same && updated is not null ? updated : KubeObject.Timestamp(now);
        return condition;
    }
}
