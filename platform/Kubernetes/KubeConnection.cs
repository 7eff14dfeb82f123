namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>All that is needed to talk to one API server.</summary>
internal sealed record KubeConnection(Uri Server)
{
    /// <summary>Namespace of the context, or the pod's own.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>This process is a pod of the cluster.</summary>
    public bool IsInCluster { get; init; }

    /// <summary>Null: the machine's own authorities.</summary>
    public TrustRoots? Roots { get; init; }

    public bool InsecureSkipVerify { get; init; }

    /// <summary>Name that the server's certificate must bear, when it is not the URL's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Null: the environment's proxies.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Null: anonymous.</summary>
    public IKubeCredentialSource? Credentials { get; init; }
}
