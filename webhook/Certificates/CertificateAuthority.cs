using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>Makes certificates (ECDSA P-256): CAs of our own, and serving certificates for exactly the given names.</summary>
internal static class CertificateAuthority
{
    // Clocks of API servers differ a little from ours.
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>A new CA. Its name is its own: two CAs of one name side by side are more than some verifiers can tell apart.</summary>
    public static PemPair Create(DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var number = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var request = new CertificateRequest($"CN=canary-functions webhook CA {number}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var ca = request.CreateSelfSigned(now - Skew, now + lifetime);
        return new(ca.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A serving certificate. It ends with its CA at the latest.</summary>
    /// <param name="hosts">DNS names and IP addresses.</param>
    /// <exception cref="CryptographicException">The CA is no usable pair.</exception>
    public static PemPair Issue(PemPair ca, IReadOnlyList<string> hosts, DateTimeOffset now, TimeSpan lifetime)
    {
        using var issuer = ca.Load();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=canary-functions webhook", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(hosts));

        // The serial has to be unforeseeable, so this is not derived from anything.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        using var leaf = request.Create(issuer, Later(now - Skew, issuer.NotBefore), Earlier(now + lifetime, issuer.NotAfter), serial);
        return new(leaf.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static DateTimeOffset Earlier(DateTimeOffset wanted, DateTime bound) => wanted < bound.ToUniversalTime() ? wanted : bound.ToUniversalTime();

    private static DateTimeOffset Later(DateTimeOffset wanted, DateTime bound) => wanted > bound.ToUniversalTime() ? wanted : bound.ToUniversalTime();

    private static X509Extension Names(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }
}
