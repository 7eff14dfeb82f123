using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>A certificate and its private key, in PEM. A class and not a record: the key must not be printed.</summary>
internal sealed class PemPair(string certificate, string key)
{
    public string Certificate { get; } = certificate.Trim();

    public string Key { get; } = key;

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="CryptographicException">The texts are no certificate and key, or do not belong together.</exception>
    public X509Certificate2 Load()
    {
        var loaded = Read();
        if (!OperatingSystem.IsWindows())
        {
            return loaded;
        }

        // There TLS takes no key that lives in memory only; the round trip makes it a stored one.
        using (loaded)
        {
            return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
        }
    }

    /// <summary>When the certificate ends; null when the two are no usable pair.</summary>
    public DateTimeOffset? EndsAt()
    {
        try
        {
            using var loaded = Read();
            return new(loaded.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException)
        {
            // Whatever stands there is no certificate with its key, and whoever asks is told so.
            return null;
        }
    }

    private X509Certificate2 Read()
    {
        try
        {
            return X509Certificate2.CreateFromPem(Certificate, Key);
        }
        catch (ArgumentException e)
        {
            // Two good texts that do not belong together are reported as a wrong argument.
            throw new CryptographicException("The key is not the certificate's.", e);
        }
    }
}
