using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Resources;

/// <summary>The kinds that are served without a definition: what the guides and their tools ask for.</summary>
internal static class BuiltInResources
{
    public const string Namespaces = "/namespaces";
    public const string Definitions = "apiextensions.k8s.io/customresourcedefinitions";
    public const string MutatingWebhooks = "admissionregistration.k8s.io/mutatingwebhookconfigurations";
    public const string ValidatingWebhooks = "admissionregistration.k8s.io/validatingwebhookconfigurations";

    public const string Roles = "rbac.authorization.k8s.io/roles";
    public const string RoleBindings = "rbac.authorization.k8s.io/rolebindings";
    public const string ClusterRoles = "rbac.authorization.k8s.io/clusterroles";
    public const string ClusterRoleBindings = "rbac.authorization.k8s.io/clusterrolebindings";

    private static readonly ScalePaths Replicas = new(".spec.replicas", ".status.replicas", null);

    public static IReadOnlyList<ResourceType> All { get; } = [.. Core(), .. Apps(), .. Autoscaling(), .. Others(), .. Reviews()];

    private static IEnumerable<ResourceType> Core() =>
    [
        new("", "v1", "Namespace", "namespaces")
        {
            ShortNames = ["ns"], Namespaced = false, HasStatus = true, Verbs = [.. ResourceType.AllVerbs.Where(v => v != "deletecollection")], Extra = [("finalize", "Namespace", "update")],
            Defaults = ObjectDefaults.Namespace, Validate = ObjectRules.Namespace,
        },
        new("", "v1", "Pod", "pods")
        {
            ShortNames = ["po"], Categories = ["all"], HasStatus = true,
            Extra = [("log", "Pod", "get"), ("binding", "Binding", "create"), ("eviction", "Eviction", "create")],
            Defaults = ObjectDefaults.Pod, Validate = ObjectRules.Pod,
        },
        new("", "v1", "Service", "services")
        {
            ShortNames = ["svc"], Categories = ["all"], HasStatus = true, Extra = [("proxy", "ServiceProxyOptions", "get")],
            Defaults = ObjectDefaults.Service, Validate = ObjectRules.Service,
        },
        new("", "v1", "Endpoints", "endpoints") { ShortNames = ["ep"], Singular = "endpoints" },
        new("", "v1", "ConfigMap", "configmaps") { ShortNames = ["cm"], Validate = ObjectRules.Data },
        new("", "v1", "Secret", "secrets") { Defaults = ObjectDefaults.Secret, Validate = ObjectRules.Secret },
        new("", "v1", "Event", "events") { ShortNames = ["ev"], Validate = ObjectRules.Event },
        new("", "v1", "ServiceAccount", "serviceaccounts") { ShortNames = ["sa"] },
        new("", "v1", "Node", "nodes") { ShortNames = ["no"], Namespaced = false, HasStatus = true },
    ];

    private static IEnumerable<ResourceType> Apps() =>
    [
        new("apps", "v1", "Deployment", "deployments")
        {
            ShortNames = ["deploy"], Categories = ["all"], HasStatus = true, HasGeneration = true, Scale = Replicas,
            Defaults = ObjectDefaults.Deployment, Validate = ObjectRules.Workload,
        },
        new("apps", "v1", "ReplicaSet", "replicasets")
        {
            ShortNames = ["rs"], Categories = ["all"], HasStatus = true, HasGeneration = true, Scale = Replicas,
            Defaults = ObjectDefaults.ReplicaSet, Validate = ObjectRules.Workload,
        },
        new("apps", "v1", "DaemonSet", "daemonsets")
        {
            ShortNames = ["ds"], Categories = ["all"], HasStatus = true, HasGeneration = true,
            Defaults = ObjectDefaults.DaemonSet, Validate = ObjectRules.Workload,
        },
    ];

    private static IEnumerable<ResourceType> Autoscaling()
    {
        foreach (var version in (string[])["v2", "v1", "v2beta2", "v2beta1"])
        {
            yield return new("autoscaling", version, "HorizontalPodAutoscaler", "horizontalpodautoscalers")
            {
                ShortNames = ["hpa"],
                Categories = ["all"],
                HasStatus = true,
                StorageVersion = "v2",
                Defaults = ObjectDefaults.Autoscaler,
                Validate = ObjectRules.Autoscaler,
            };
        }
    }

    private static IEnumerable<ResourceType> Others() =>
    [
        new("networking.k8s.io", "v1", "Ingress", "ingresses")
        {
            ShortNames = ["ing"], HasStatus = true, HasGeneration = true,
            Defaults = o => o.Ensure("status").Default("loadBalancer", new JsonObject()), Validate = ObjectRules.Ingress,
        },
        new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies") { ShortNames = ["netpol"], HasGeneration = true },
        new("networking.k8s.io", "v1", "IngressClass", "ingressclasses") { Namespaced = false, HasGeneration = true },
        new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices") { HasGeneration = true },
        new("coordination.k8s.io", "v1", "Lease", "leases") { Validate = ObjectRules.Lease },
        new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets") { ShortNames = ["pdb"], HasStatus = true, HasGeneration = true },
        new("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations")
        {
            Categories = ["api-extensions"], Namespaced = false, HasGeneration = true,
            Defaults = ObjectDefaults.Webhooks, Validate = ObjectRules.Webhooks,
        },
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations")
        {
            Categories = ["api-extensions"], Namespaced = false, HasGeneration = true,
            Defaults = ObjectDefaults.Webhooks, Validate = ObjectRules.Webhooks,
        },
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions")
        {
            ShortNames = ["crd", "crds"], Categories = ["api-extensions"], Namespaced = false, HasStatus = true, HasGeneration = true,
            Defaults = ObjectDefaults.Definition, Validate = (o, _) => Crds.DefinitionRules.Check(o),
        },
        new("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings") { Validate = ObjectRules.Binding },
        new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles") { Namespaced = false },
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings") { Namespaced = false, Validate = ObjectRules.Binding },
    ];

    /// <summary>Kinds that are answered and never stored.</summary>
    private static IEnumerable<ResourceType> Reviews() =>
    [
        new("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews") { Namespaced = false, Verbs = ["create"] },
        new("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews") { Namespaced = false, Verbs = ["create"] },
        new("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews") { Namespaced = false, Verbs = ["create"] },
    ];
}
