namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Which cluster a process works on.</summary>
public sealed record KubernetesOptions
{
    /// <summary>Kubeconfig to use; empty: the pod's own service account, else <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    public string KubeConfig { get; init; } = "";

    /// <summary>Context to use; empty for the kubeconfig's current one.</summary>
    public string Context { get; init; } = "";

    public KubernetesClientOptions Client { get; init; } = new();
}
