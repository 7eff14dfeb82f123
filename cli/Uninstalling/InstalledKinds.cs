using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cli.Uninstalling;

/// <summary>The kinds that <c>infra/kustomize</c> installs, of which those with our label go. Definitions, Canaries and the namespace have rules of their own.</summary>
internal static class InstalledKinds
{
    internal const string Label = "app.kubernetes.io/name=canary-functions";

    /// <summary>In the install's namespace, in the order in which they go.</summary>
    internal static readonly IReadOnlyList<ResourceKind> Namespaced =
    [
        new("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects"),
        new("keda.sh", "v1alpha1", "TriggerAuthentication", "triggerauthentications"),
        new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
        new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
        Kinds.Service,
        new("", "v1", "ConfigMap", "configmaps"),
        Kinds.Secret,
        new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
        new("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        new("", "v1", "ServiceAccount", "serviceaccounts"),
    ];

    /// <summary>Outside namespaces.</summary>
    internal static readonly IReadOnlyList<ResourceKind> ClusterWide =
    [
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", Namespaced: false),
        new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Namespaced: false),
    ];

    /// <summary>Lease labels of webhook replicas and of those who divide the sweep.</summary>
    internal static readonly IReadOnlyList<string> LeaseLabels = ["canary-functions.io/webhook", "canary-functions.io/sweeps"];

    /// <summary>In the version that the cluster serves; null where it serves none, as clusters without KEDA do.</summary>
    internal static ResourceKind? ServedOf(ResourceKind kind, IServedKinds served) => served.Find(kind.Group, kind.Kind);
}
