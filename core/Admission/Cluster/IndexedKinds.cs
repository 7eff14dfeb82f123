using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>A kind that the index knows besides Canaries.</summary>
/// <param name="IsMetadataOnly">Names and owners are enough, so that the watch asks for no more. Of Secrets nothing else may ever be asked.</param>
public sealed record IndexedKind(ResourceKind Kind, bool IsMetadataOnly, Func<JsonObject, KnownObject> Read);

/// <summary>The kinds that Canaries refer to, sorted.</summary>
public static class IndexedKinds
{
    /// <summary>In the version that every cluster serves; what it scales is the same in all of them.</summary>
    public static readonly ResourceKind Autoscaler = new("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers");

    public static readonly IReadOnlyList<IndexedKind> All =
    [
        new(Kinds.AlertProvider, true, KnownObject.Read),
        new(Kinds.CustomResourceDefinition, true, KnownObject.Read),
        new(Kinds.Deployment, false, KnownWorkload.Read),
        new(Autoscaler, false, KnownScaler.Read),
        new(Kinds.Ingress, true, KnownObject.Read),
        new(Kinds.MetricTemplate, false, KnownTemplate.Read),
        new(Kinds.Secret, true, KnownObject.Read),
        new(Kinds.Service, true, KnownObject.Read),
    ];
}
