using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>
/// HorizontalPodAutoscalers of Deployments: keeps the size between minReplicas and maxReplicas, and leaves a Deployment of size 0 alone.
/// There are no resource metrics here, so it never moves the size inside these bounds, and its conditions say so.
/// </summary>
internal sealed class AutoscalerController
{
    private readonly IClusterClient _client;
    private readonly WorkloadOptions _options;
    private readonly ObjectCache _autoscalers;
    private readonly ObjectCache _deployments;
    private readonly ReconcileLoop _loop;

    public AutoscalerController(IClusterClient client, ClusterCache cache, WorkloadOptions options, ILogger logger)
    {
        (_client, _options) = (client, options);
        _autoscalers = cache.For(WorkloadKinds.HorizontalPodAutoscaler);
        _deployments = cache.For(Kinds.Deployment);
        _loop = new ReconcileLoop("horizontal-pod-autoscaler", options.TimeProvider, logger, ReconcileAsync);
        _autoscalers.Changed += (key, _, _) => _loop.Add(key);
        _deployments.Changed += (key, _, _) => AddThoseOf(key);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_autoscalers.Synced, _deployments.Synced).WaitAsync(ct);
        foreach (var autoscaler in _autoscalers.All)
        {
            _loop.Add(ObjectKey.Of(autoscaler));
        }

        await _loop.RunAsync(ct);
    }

    private async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (_autoscalers.Find(key) is not { } autoscaler || autoscaler.IsBeingDeleted())
        {
            return null;
        }

        var target = autoscaler.Text("spec", "scaleTargetRef", "kind") == "Deployment" ? _deployments.Find(TargetOf(autoscaler)) : null;
        if (target is null)
        {
            await WriteStatusAsync(autoscaler, 0, 0, scaled: false, [Condition(autoscaler, "AbleToScale", false, "FailedGetScale", $"the {autoscaler.Text("spec", "scaleTargetRef", "kind")} {TargetOf(autoscaler)} was not found")], ct);
            return null;
        }

        var size = target.Integer("spec", "replicas") ?? 1;
        var (min, max) = (autoscaler.Integer("spec", "minReplicas") ?? 1, autoscaler.Integer("spec", "maxReplicas") ?? 1);
        var desired = size == 0 ? 0 : Math.Clamp(size, Math.Min(min, max), max);
        if (desired != size)
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = desired } };
            await _client.MergePatchAsync(target.RefOf(Kinds.Deployment), patch, "scale", ct);
        }

        await WriteStatusAsync(autoscaler, target.Integer("status", "replicas") ?? 0, desired, desired != size, Conditions(autoscaler, size, min, max), ct);
        return null;
    }

    private List<JsonObject> Conditions(JsonObject autoscaler, int size, int min, int max)
    {
        var ableToScale = Condition(autoscaler, "AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        if (size == 0)
        {
            return [ableToScale, Condition(autoscaler, "ScalingActive", false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero")];
        }

        var (limited, reason, message) = size < min ? (true, "TooFewReplicas", "the desired replica count is less than the minimum replica count")
            : size > max ? (true, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
            : (false, "DesiredWithinRange", "the desired count is within the acceptable range");
        return
        [
            ableToScale,
            Condition(autoscaler, "ScalingActive", false, "FailedGetResourceMetric", "the embedded cluster has no resource metrics; only the bounds are kept"),
            Condition(autoscaler, "ScalingLimited", limited, reason, message),
        ];
    }

    private async Task WriteStatusAsync(JsonObject autoscaler, int current, int desired, bool scaled, List<JsonObject> conditions, CancellationToken ct)
    {
        var status = new JsonObject { ["currentReplicas"] = current, ["desiredReplicas"] = desired };
        var lastScale = scaled ? KubeObject.Timestamp(_options.TimeProvider.GetUtcNow()) : autoscaler.Text("status", "lastScaleTime");
        if (lastScale is not null)
        {
            status["lastScaleTime"] = lastScale;
        }

        status["conditions"] = new JsonArray([.. conditions]);
        if (!JsonNode.DeepEquals(autoscaler["status"], status))
        {
            var changed = autoscaler.Copy();
            changed["status"] = status;
            await _client.ReplaceStatusAsync(WorkloadKinds.HorizontalPodAutoscaler, changed, ct);
        }
    }

    private JsonObject Condition(JsonObject autoscaler, string type, bool holds, string reason, string message)
        => StatusConditions.Make(StatusConditions.Find(autoscaler, type), type, holds, reason, message, _options.TimeProvider.GetUtcNow());

    private void AddThoseOf(ObjectKey deployment)
    {
        foreach (var autoscaler in _autoscalers.In(deployment.Namespace).Where(a => TargetOf(a) == deployment))
        {
            _loop.Add(ObjectKey.Of(autoscaler));
        }
    }

    private static ObjectKey TargetOf(JsonObject autoscaler) => new(autoscaler.Namespace(), autoscaler.Text("spec", "scaleTargetRef", "name") ?? "");
}
