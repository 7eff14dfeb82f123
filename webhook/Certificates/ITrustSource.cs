using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>Where the serving certificate comes from, and what API servers are to trust.</summary>
internal interface ITrustSource
{
    /// <summary>Something waits for time or for other replicas: look again soon.</summary>
    bool IsChanging { get; }

    /// <summary>What is to be served and trusted now. Makes what is missing and mends what is broken.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    /// <exception cref="CertificateException">There is nothing that could be served.</exception>
    Task<Trust> RefreshAsync(CancellationToken ct);

    /// <summary>The certificate that <see cref="RefreshAsync"/> gave is served from now on.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    Task ReportAsync(CancellationToken ct);

    /// <summary>Takes the next step of a renewal; true when something changed, so that <see cref="RefreshAsync"/> has news.</summary>
    /// <param name="isAnnounced">The bundle has stood in every registration for long enough.</param>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    Task<bool> AdvanceAsync(bool isAnnounced, CancellationToken ct);

    /// <summary>This process serves no longer.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    Task EndAsync(CancellationToken ct);
}

/// <summary>What to serve, and by which CA certificates (PEM) it is trusted; null where somebody else looks after that.</summary>
internal sealed class Trust(PemPair leaf, string? bundle)
{
    public PemPair Leaf { get; } = leaf;

    public string? Bundle { get; } = bundle;
}

/// <summary>No certificate to serve. The message names the place and what is wrong with it, never a key.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
