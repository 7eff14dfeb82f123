namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>Where the kinds are that the behaviours use, so that a probe can say <c>configmaps/a</c>.</summary>
internal static class Resources
{
    internal const string Group = "conformance.example.com";

    private static readonly Dictionary<string, (string Version, string Kind)> Known = new(StringComparer.Ordinal)
    {
        ["configmaps"] = ("v1", "ConfigMap"),
        ["events"] = ("v1", "Event"),
        ["pods"] = ("v1", "Pod"),
        ["secrets"] = ("v1", "Secret"),
        ["services"] = ("v1", "Service"),
        ["deployments"] = ("apps/v1", "Deployment"),
        ["replicasets"] = ("apps/v1", "ReplicaSet"),
        ["leases"] = ("coordination.k8s.io/v1", "Lease"),
        ["ingresses"] = ("networking.k8s.io/v1", "Ingress"),
        ["horizontalpodautoscalers"] = ("autoscaling/v1", "HorizontalPodAutoscaler"),
        ["roles"] = ("rbac.authorization.k8s.io/v1", "Role"),
        ["rolebindings"] = ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ["widgets"] = ($"{Group}/v1", "Widget"),
        ["plains"] = ($"{Group}/v1", "Plain"),
        ["gadgets"] = ($"{Group}/v1beta1", "Gadget"),
        ["oldgadgets"] = ($"{Group}/v1alpha3", "Gadget"),
    };

    /// <summary>The apiVersion and kind of a short path's first word; null for paths that are written out.</summary>
    internal static (string Version, string Kind)? KindOf(string path) => path.StartsWith('/') ? null : Known[Plural(path)];

    /// <summary>The whole path of a short one, which is always in the namespace.</summary>
    internal static string Expand(string path, string ns)
    {
        if (KindOf(path) is not { } known)
        {
            return path;
        }

        var plural = Plural(path);
        var root = known.Version.Contains('/') ? $"/apis/{known.Version}" : $"/api/{known.Version}";
        return $"{root}/namespaces/{ns}/{(plural == "oldgadgets" ? "gadgets" : plural)}{path[plural.Length..]}";
    }

    private static string Plural(string path) => path.Split('/', '?')[0];
}
