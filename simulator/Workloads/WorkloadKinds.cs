using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Kinds that only the embedded cluster's own parts touch; the others are in <see cref="Kinds"/>.</summary>
public static class WorkloadKinds
{
    public static readonly ResourceKind Pod = new("", "v1", "Pod", "pods");
    public static readonly ResourceKind Node = new("", "v1", "Node", "nodes", Namespaced: false);
    public static readonly ResourceKind Endpoints = new("", "v1", "Endpoints", "endpoints");
    public static readonly ResourceKind ReplicaSet = new("apps", "v1", "ReplicaSet", "replicasets");
    public static readonly ResourceKind HorizontalPodAutoscaler = new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
    public static readonly ResourceKind EndpointSlice = new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices");
    public static readonly ResourceKind IngressClass = new("networking.k8s.io", "v1", "IngressClass", "ingressclasses", Namespaced: false);
}
