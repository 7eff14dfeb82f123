using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>Whether a Deployment's rollout is finished, in the contract's words (contracts/core.md 4.5, 3.3).</summary>
/// <param name="Problem">Null when it is ready, else what it waits for.</param>
/// <param name="IsStuck">The Deployment itself has given up: waiting on cannot help.</param>
public sealed record DeploymentReadiness(string? Problem, bool IsStuck)
{
    private static readonly DeploymentReadiness Ready = new(null, false);

    public bool IsReady => Problem is null;

    /// <param name="thresholdPercent">Share of updated pods that has to be available.</param>
    public static DeploymentReadiness Of(JsonObject? deployment, int thresholdPercent)
    {
        if (deployment is null)
        {
            return Waiting("the deployment does not exist");
        }

        if (deployment.Generation() > (deployment.Number("status", "observedGeneration") ?? 0))
        {
            return Waiting("observed deployment generation less than desired generation");
        }

        var progressing = deployment.ListAt("status", "conditions").FirstOrDefault(c => c.Text("type") == "Progressing");
        if (progressing.Text("reason") == "ProgressDeadlineExceeded")
        {
            return new($"deployment \"{deployment.Name()}\" exceeded its progress deadline", IsStuck: true);
        }

        var wanted = deployment.Integer("spec", "replicas") ?? 1;
        var updated = Status(deployment, "updatedReplicas");
        var available = Status(deployment, "availableReplicas");
        if (updated < wanted)
        {
            return Waiting($"{updated} out of {wanted} new replicas have been updated");
        }

        if (Status(deployment, "replicas") > updated)
        {
            return Waiting($"{Status(deployment, "replicas") - updated} old replicas are pending termination");
        }

        return available < (int)(updated * (float)thresholdPercent / 100)
            ? Waiting($"{available} of {updated} (readyThreshold {thresholdPercent}%) updated replicas are available")
            : Ready;
    }

    /// <summary>As <see cref="Of"/>, and at least one pod can take traffic: neither a threshold of 0 nor a track scaled to zero makes up for having none.</summary>
    public static DeploymentReadiness ToServe(JsonObject? deployment, int thresholdPercent)
    {
        var readiness = Of(deployment, thresholdPercent);
        if (!readiness.IsReady || ReadyPods(deployment) > 0)
        {
            return readiness;
        }

        var wanted = deployment.Integer("spec", "replicas") ?? 1;
        return wanted == 0
            ? new("the deployment is scaled to zero", IsStuck: false)
            : Waiting($"0 of {wanted} (readyThreshold {thresholdPercent}%) updated replicas are available");
    }

    /// <summary>Pods that can take traffic; none once the Deployment is told to have none.</summary>
    public static int ReadyPods(JsonObject? deployment)
        => deployment is null || deployment.Integer("spec", "replicas") == 0 ? 0 : Status(deployment, "readyReplicas");

    private static int Status(JsonObject deployment, string field) => deployment.Integer("status", field) ?? 0;

    private static DeploymentReadiness Waiting(string what) => new($"waiting for rollout to finish: {what}", IsStuck: false);
}
