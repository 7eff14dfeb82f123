using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>What one request proves itself with.</summary>
/// <param name="Authorization">The whole header value; null for none.</param>
/// <param name="Certificate">Client certificate with its key; null for none.</param>
internal sealed record KubeCredential(string? Authorization, X509Certificate2? Certificate)
{
    public static readonly KubeCredential None = new(null, null);

    // A record would print its members; a credential must not reach a log that way.
    public override string ToString() => nameof(KubeCredential);
}

/// <summary>Where credentials come from.</summary>
internal interface IKubeCredentialSource
{
    ValueTask<KubeCredential> GetAsync(CancellationToken ct);

    /// <summary>The server answered 401 to this one: the next call looks for a newer one.</summary>
    void Reject(KubeCredential used);
}
