using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>
/// What all replicas share: the CA and the serving certificate of it, and during a change of CA the next or the former one. Never changed in place. A class
/// and not a record: its keys must not be printed.
/// </summary>
internal sealed class TrustState
{
    /// <param name="ca">Signs serving certificates.</param>
    /// <param name="leaf">What replicas serve.</param>
    /// <param name="nextCa">A CA that API servers are told of and that signs nothing yet; null outside a change.</param>
    /// <param name="formerCa">Certificate of the CA before, of which replicas may still serve a certificate; null outside a change.</param>
    public TrustState(PemPair ca, PemPair leaf, PemPair? nextCa = null, string? formerCa = null)
    {
        (Ca, Leaf, NextCa, FormerCa) = (ca, leaf, nextCa, formerCa?.Trim());
        Bundle = string.Concat(new[] { FormerCa, ca.Certificate, nextCa?.Certificate }.OfType<string>().Select(c => $"{c}\n"));
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(leaf.Certificate)).AsSpan(0, 16));
    }

    public PemPair Ca { get; }

    public PemPair Leaf { get; }

    public PemPair? NextCa { get; }

    public string? FormerCa { get; }

    /// <summary>All CA certificates that API servers are to trust, in PEM, oldest first: from announcing a CA to using it no byte changes.</summary>
    public string Bundle { get; }

    /// <summary>Tells serving certificates apart; no secret.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether replicas can serve it now: for all these hosts, and trusted by whoever trusts <see cref="Ca"/>.</summary>
    public bool CanServe(IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        try
        {
            using var leaf = Leaf.Load();
            using var ca = X509Certificate2.CreateFromPem(Ca.Certificate);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(ca);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.VerificationTimeIgnored = false;
            return chain.Build(leaf) && now < leaf.NotAfter.ToUniversalTime() && hosts.All(h => leaf.MatchesHostname(h, allowCommonName: false));
        }
        catch (CryptographicException)
        {
            // Whatever stands there is no certificate: not good.
            return false;
        }
    }
}
