using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>A CA and the serving certificate it signed, in PEM. A class and not a record: its keys must not be printed.</summary>
internal sealed class CertificateBundle(string caCertificate, string caKey, string certificate, string key)
{
    public string CaCertificate { get; } = caCertificate;

    public string CaKey { get; } = caKey;

    public string Certificate { get; } = certificate;

    public string Key { get; } = key;

    /// <summary>The serving certificate with its key.</summary>
    /// <exception cref="CryptographicException">The texts are no certificate and key, or do not belong together.</exception>
    public X509Certificate2 Load()
    {
        using var loaded = Read(Certificate, Key);

        // On Windows TLS takes no key that lives in memory only; the round trip makes it a stored one.
        return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The CA with its key.</summary>
    /// <exception cref="CryptographicException">The texts are no certificate and key, or do not belong together.</exception>
    public X509Certificate2 LoadCa() => Read(CaCertificate, CaKey);

    /// <summary>Whether it serves these hosts for at least as long as the margin from now on.</summary>
    public bool IsGoodFor(IReadOnlyList<string> hosts, DateTimeOffset now, TimeSpan margin)
    {
        try
        {
            using var leaf = Load();
            using var ca = X509Certificate2.CreateFromPem(CaCertificate);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(ca);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.VerificationTimeIgnored = false;
            return chain.Build(leaf) && now + margin < leaf.NotAfter.ToUniversalTime() && hosts.All(h => leaf.MatchesHostname(h, allowCommonName: false));
        }
        catch (CryptographicException)
        {
            // Whatever stands there is no certificate: not good.
            return false;
        }
    }

    private static X509Certificate2 Read(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (ArgumentException e)
        {
            // Two good texts that do not belong together are reported as a wrong argument.
            throw new CryptographicException("The key is not the certificate's.", e);
        }
    }
}
