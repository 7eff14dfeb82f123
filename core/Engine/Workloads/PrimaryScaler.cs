using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>The primary's HorizontalPodAutoscaler, in whichever version the cluster serves (contracts/core.md 4.7). The target's own is inert while the target is at zero.</summary>
public static class PrimaryScaler
{
    private static readonly string[] CopiedFields = ["metrics", "behavior", "targetCPUUtilizationPercentage"];

    // Where the API server keeps what v1 (both) and v2beta1 (behavior) have no fields for.
    private static readonly string[] CopiedAnnotations = ["autoscaling.alpha.kubernetes.io/metrics", "autoscaling.alpha.kubernetes.io/behavior"];

    /// <summary>The primary scaler as it should be: a new one, or the one there with the source's bounds, metrics and behavior, in the version that both were read in.</summary>
    public static JsonObject Desired(Canary canary, JsonObject source, JsonObject? existing, ResourceKind kind)
    {
        var reference = canary.Spec.AutoscalerRef!;
        var scaler = existing?.Copy() ?? New(canary, source, kind, reference.Reference.Name);
        var spec = scaler.Section("spec");
        spec["scaleTargetRef"] = new JsonObject
        {
            ["apiVersion"] = source.Text("spec", "scaleTargetRef", "apiVersion") ?? Kinds.Deployment.ApiVersion,
            ["kind"] = source.Text("spec", "scaleTargetRef", "kind") ?? Kinds.Deployment.Kind,
            ["name"] = canary.PrimaryName,
        };
        spec["minReplicas"] = reference.PrimaryMinReplicas ?? source.Integer("spec", "minReplicas") ?? 1;
        spec["maxReplicas"] = reference.PrimaryMaxReplicas ?? source.Integer("spec", "maxReplicas") ?? 1;
        foreach (var field in CopiedFields)
        {
            if (source.At("spec", field) is { } value)
            {
                spec[field] = value.DeepClone();
            }
            else
            {
                spec.Remove(field);
            }
        }

        CopyAnnotations(source, scaler);
        return scaler;
    }

    private static void CopyAnnotations(JsonObject source, JsonObject scaler)
    {
        foreach (var name in CopiedAnnotations)
        {
            if (source.Annotation(name) is { } value)
            {
                scaler.Metadata().Section("annotations")[name] = value;
            }
            else
            {
                scaler.ObjectAt("metadata", "annotations")?.Remove(name);
            }
        }
    }

    private static JsonObject New(Canary canary, JsonObject source, ResourceKind kind, string sourceName)
    {
        var scaler = KubeObject.New(kind, canary.Namespace, $"{sourceName}-primary");
        scaler.Metadata()["ownerReferences"] = new JsonArray(canary.OwnerReference());
        var labels = CopiedMetadata.ToJson(CopiedMetadata.WithoutFlux(source.Map("metadata", "labels")));
        if (labels.Count > 0)
        {
            scaler.Metadata()["labels"] = labels;
        }

        return scaler;
    }
}
