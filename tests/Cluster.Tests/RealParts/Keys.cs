using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>What the control plane needs of keys, in PEM files of one folder: a CA, the API server's certificate, the key of service account tokens.</summary>
internal sealed class Keys
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(2);

    private Keys(string folder) => Folder = folder;

    internal string Folder { get; }

    internal string Authority => Path.Combine(Folder, "ca.crt");

    internal string Certificate => Path.Combine(Folder, "server.crt");

    internal string CertificateKey => Path.Combine(Folder, "server.key");

    internal string ServiceAccountKey => Path.Combine(Folder, "sa.key");

    internal static Keys Create(string folder)
    {
        var keys = new Keys(Directory.CreateDirectory(folder).FullName);
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=cluster-tests-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(now - Life, now + Life);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=kube-apiserver", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(authority, now - Life, now + Life, RandomNumberGenerator.GetBytes(8));

        using var tokens = RSA.Create(2048);
        File.WriteAllText(keys.Authority, authority.ExportCertificatePem());
        File.WriteAllText(keys.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(keys.CertificateKey, serverKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(keys.ServiceAccountKey, tokens.ExportRSAPrivateKeyPem());
        return keys;
    }
}
