using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>Makes certificates (ECDSA P-256): a CA of our own and serving certificates for exactly the given names.</summary>
internal static class CertificateAuthority
{
    // Clocks of API servers differ a little from ours.
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);
    private static readonly TimeSpan CaLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(365);
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>A new CA and a certificate of it.</summary>
    /// <param name="hosts">DNS names and IP addresses.</param>
    public static CertificateBundle Create(IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=canary-functions webhook CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var ca = request.CreateSelfSigned(now - Skew, now + CaLifetime);
        return Issue(ca, key, hosts, now);
    }

    /// <summary>A new certificate of the bundle's CA; of a new CA when that one is unreadable or ends before the certificate would.</summary>
    public static CertificateBundle Renew(CertificateBundle bundle, IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        try
        {
            using var ca = bundle.LoadCa();
            using var key = ca.GetECDsaPrivateKey();
            return key is null || now + LeafLifetime > ca.NotAfter.ToUniversalTime() ? Create(hosts, now) : Issue(ca, key, hosts, now);
        }
        catch (CryptographicException)
        {
            return Create(hosts, now);
        }
    }

    private static CertificateBundle Issue(X509Certificate2 ca, ECDsa caKey, IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=canary-functions webhook", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(hosts));

        // The serial has to be unforeseeable, so this is not derived from anything.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        using var leaf = request.Create(ca, now - Skew, now + LeafLifetime, serial);
        return new(ca.ExportCertificatePem(), caKey.ExportPkcs8PrivateKeyPem(), leaf.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

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
