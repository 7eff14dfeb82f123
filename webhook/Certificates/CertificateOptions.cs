namespace CanaryFunctions.Webhook.Certificates;

/// <summary>How long certificates live and how they are changed. Wall clock throughout.</summary>
public sealed record CertificateOptions
{
    /// <summary>Life of a CA. More than twice <see cref="LeafLifetime"/> and <see cref="RenewBefore"/> together, or it would be changed for ever.</summary>
    public TimeSpan CaLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Life of a serving certificate.</summary>
    public TimeSpan LeafLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>A serving certificate with less than this left is replaced; a CA with less than this and <see cref="LeafLifetime"/> left as well.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a new CA has to stand in every registration before a certificate of it is served: API servers learn of it by their own watches.</summary>
    public TimeSpan Propagation { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A replica that has not reported for so long is dead, and no change of CA waits for it.</summary>
    public TimeSpan ReplicaTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Folder with <c>tls.crt</c>, <c>tls.key</c> and perhaps <c>ca.crt</c> that somebody else keeps, such as a mounted Secret of cert-manager; null for
    /// certificates of our own.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>How often <see cref="Folder"/> is read.</summary>
    public TimeSpan FolderInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>cert-manager's Certificate (<c>namespace/name</c>) whose CA it writes into our registrations; null when it does not.</summary>
    public string? InjectCaFrom { get; init; }
}
