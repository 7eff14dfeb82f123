using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Simulator.Api;

/// <summary>A certificate authority of this process, and the server certificate that it signed. Made once: every server of the process may use the same.</summary>
internal sealed class ServerCertificates
{
    private static readonly Lazy<ServerCertificates> Made = new(() => new ServerCertificates(), LazyThreadSafetyMode.ExecutionAndPublication);

    private ServerCertificates()
    {
        // Certificates live on the system's clock, whatever clock the cluster runs on.
        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (now.AddHours(-1), now.AddYears(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=canary-functions-embedded-ca", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, false));
        using var signing = authority.CreateSelfSigned(from, to);
        Authority = X509CertificateLoader.LoadCertificate(signing.RawData);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=kube-apiserver", serverKey, HashAlgorithmName.SHA256);
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        server.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        server.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signing, true, false));
        server.CertificateExtensions.Add(Names());
        using var signed = server.Create(signing, from, to, RandomNumberGenerator.GetBytes(16));
        Server = signed.CopyWithPrivateKey(serverKey);
    }

    public static ServerCertificates Shared => Made.Value;

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    private static X509Extension Names()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (var name in (string[])["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"])
        {
            names.AddDnsName(name);
        }

        return names.Build();
    }
}
