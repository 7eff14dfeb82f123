namespace CanaryFunctions.Platform.Http;

/// <summary>How cluster-internal names are reached, and how long retries wait. What comes first here wins.</summary>
public sealed record HttpCallerOptions
{
    /// <summary>
    /// Where cluster-internal hosts are found instead: by host name as it stands in the URL, or as <c>name.namespace</c> (<c>podinfo-canary.test</c>). Scheme, host
    /// and port are the place's; its path, if it has one, goes before that of the call.
    /// </summary>
    public IReadOnlyDictionary<string, Uri> HostMap { get; init; } = new Dictionary<string, Uri>();

    /// <summary>An HTTP proxy that knows the cluster's names: the embedded cluster's gateway. Null where there is none.</summary>
    public Uri? ClusterProxy { get; init; }

    /// <summary>What is done with all other cluster-internal hosts.</summary>
    public ServiceAccess Access { get; init; }

    /// <summary>Divides the waits between attempts, which are nominal; timeouts and Retry-After are wall clock. Default 1.</summary>
    public double Speed { get; init; } = 1;
}
