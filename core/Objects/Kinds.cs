namespace CanaryFunctions.Core.Objects;

/// <summary>The kinds whose group and version are fixed. Kinds whose version differs from cluster to cluster are found by discovery (<see cref="Ports.IClusterClient.ServedKindsAsync"/>).</summary>
public static class Kinds
{
    /// <summary>The API group of our own kinds, shared with Flagger so that its manifests work unchanged.</summary>
    public const string FlaggerGroup = "flagger.app";

    public static readonly ResourceKind Canary = new(FlaggerGroup, "v1beta1", "Canary", "canaries");
    public static readonly ResourceKind MetricTemplate = new(FlaggerGroup, "v1beta1", "MetricTemplate", "metrictemplates");
    public static readonly ResourceKind AlertProvider = new(FlaggerGroup, "v1beta1", "AlertProvider", "alertproviders");
    public static readonly ResourceKind Deployment = new("apps", "v1", "Deployment", "deployments");
    public static readonly ResourceKind Service = new("", "v1", "Service", "services");
    public static readonly ResourceKind Secret = new("", "v1", "Secret", "secrets");
    public static readonly ResourceKind Event = new("", "v1", "Event", "events");
    public static readonly ResourceKind Namespace = new("", "v1", "Namespace", "namespaces", Namespaced: false);
    public static readonly ResourceKind Ingress = new("networking.k8s.io", "v1", "Ingress", "ingresses");
    public static readonly ResourceKind Lease = new("coordination.k8s.io", "v1", "Lease", "leases");
    public static readonly ResourceKind CustomResourceDefinition =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    public static readonly ResourceKind MutatingWebhookConfiguration =
        new("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", Namespaced: false);

    public static readonly ResourceKind ValidatingWebhookConfiguration =
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", Namespaced: false);
}
