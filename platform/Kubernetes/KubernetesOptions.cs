using Azure.Core;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Which cluster a process works on.</summary>
public sealed record KubernetesOptions
{
    /// <summary>Kubeconfig to use; empty: the pod's own service account, else <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    public string KubeConfig { get; init; } = "";

    /// <summary>The kubeconfig itself, in the place of a file; empty for none.</summary>
    public string KubeConfigText { get; init; } = "";

    /// <summary>Context to use; empty for the kubeconfig's current one. With a context the pod's service account is not looked at.</summary>
    public string Context { get; init; } = "";

    public KubernetesClientOptions Client { get; init; } = new();

    /// <summary>What names these options in messages; empty for nothing.</summary>
    internal string Place { get; init; } = "";

    /// <summary>The pod's service account and nothing else.</summary>
    internal bool InCluster { get; init; }

    /// <summary>The API server, where no kubeconfig says it.</summary>
    internal Uri? Server { get; init; }

    /// <summary>With <see cref="Server"/>: the cluster's own authority; null for the machine's.</summary>
    internal TrustRoots? Roots { get; init; }

    /// <summary>Namespace that short names of Services are relative to; empty for the context's.</summary>
    internal string Namespace { get; init; } = "";

    /// <summary>Identity that tokens of Entra ID are asked for, in the place of the kubeconfig's user; null for that user.</summary>
    internal TokenCredential? Entra { get; init; }

    internal string EntraScope { get; init; } = EntraCredentials.AksScope;
}
