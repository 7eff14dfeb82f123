namespace CanaryFunctions.Platform.Http;

/// <summary>How cluster-internal names are reached, and how long retries wait.</summary>
public sealed record HttpCallerOptions
{
    /// <summary>An HTTP proxy that knows the cluster's names: the embedded cluster's gateway. Null where there is none.</summary>
    public Uri? ClusterProxy { get; init; }

    /// <summary>Where cluster-internal hosts are found instead, by host name as it stands in the URL (<c>podinfo-canary.test</c>); scheme and port count, the path is kept.</summary>
    public IReadOnlyDictionary<string, Uri> HostMap { get; init; } = new Dictionary<string, Uri>();

    /// <summary>Divides the waits between attempts, which are nominal; timeouts and Retry-After are wall clock. Default 1.</summary>
    public double Speed { get; init; } = 1;
}
