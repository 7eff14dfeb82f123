namespace CanaryFunctions.Core.Engine.Schemas;

/// <summary>The fields of a Canary that the engine reads and writes, as paths in v1beta1; <c>[]</c> stands for each entry of a list. A test holds them against the code.</summary>
internal static class NeededFields
{
    /// <summary>Written by <see cref="Canaries.StatusJson"/>.</summary>
    internal static readonly IReadOnlyList<string> Status =
    [
        "phase", "failedChecks", "canaryWeight", "iterations", "lastAppliedSpec", "lastPromotedSpec", "lastTransitionTime", "conditions", "observedGeneration",
        "observedTargetGeneration", "targetGeneration", "runId", "startedBy", "step", "nextStepAt", "deadlineAt", "waits", "trafficSince", "passedHooks",
        "measurements", "outbox", "deliveries", "claims",
    ];

    /// <summary>What users write and a release depends on.</summary>
    internal static readonly IReadOnlyList<string> Spec =
    [
        "provider", "metricsServer", "targetRef.apiVersion", "targetRef.kind", "targetRef.name", "autoscalerRef.apiVersion", "autoscalerRef.kind", "autoscalerRef.name",
        "autoscalerRef.primaryScalerReplicas.minReplicas", "autoscalerRef.primaryScalerReplicas.maxReplicas", "ingressRef.name", "upstreamRef.name",
        "progressDeadlineSeconds", "skipAnalysis", "revertOnDeletion", "suspend", "service.name", "service.port", "service.portName", "service.targetPort",
        "service.portDiscovery", "service.headless", "service.hosts", "service.gateways", "service.apex.labels", "service.apex.annotations",
        "analysis.interval", "analysis.threshold", "analysis.iterations", "analysis.stepWeight", "analysis.stepWeights", "analysis.maxWeight",
        "analysis.primaryReadyThreshold", "analysis.canaryReadyThreshold", "analysis.metrics[].name", "analysis.metrics[].interval",
        "analysis.metrics[].thresholdRange.min", "analysis.metrics[].thresholdRange.max", "analysis.metrics[].query", "analysis.metrics[].templateRef.name",
        "analysis.metrics[].templateVariables", "analysis.webhooks[].name", "analysis.webhooks[].type", "analysis.webhooks[].url", "analysis.webhooks[].timeout",
        "analysis.webhooks[].retries", "analysis.webhooks[].metadata", "analysis.alerts[].name", "analysis.alerts[].severity", "analysis.alerts[].providerRef.name",
    ];
}
