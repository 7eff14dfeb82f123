using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Tokens, passwords and certificates that stand in the kubeconfig or in files beside it.</summary>
/// <param name="scheme"><c>Bearer</c> or <c>Basic</c>; what follows it is <paramref name="secret"/>.</param>
/// <param name="place">Names the user's entry, for messages.</param>
internal sealed class FileCredentials(string scheme, CachedText? secret, CachedText? certificate, CachedText? key, string place) : IKubeCredentialSource
{
    private readonly Lock _gate = new();
    private (string Certificate, string Key)? _loadedFrom;
    private X509Certificate2? _loaded;

    public ValueTask<KubeCredential> GetAsync(CancellationToken ct)
        => ValueTask.FromResult(new KubeCredential(secret is null ? null : $"{scheme} {secret.Get().Trim()}", Certificate()));

    public void Reject(KubeCredential used)
    {
        secret?.Expire();
        certificate?.Expire();
        key?.Expire();
    }

    private X509Certificate2? Certificate()
    {
        if (certificate is null || key is null)
        {
            return null;
        }

        lock (_gate)
        {
            var from = (certificate.Get(), key.Get());
            if (_loaded is null || _loadedFrom != from)
            {
                _loaded = Load(from.Item1, from.Item2, place);
                _loadedFrom = from;
            }

            return _loaded;
        }
    }

    internal static X509Certificate2 Load(string certificatePem, string keyPem, string place)
    {
        try
        {
            var loaded = X509Certificate2.CreateFromPem(certificatePem, keyPem);

            // Windows' TLS takes no key that exists in memory only.
            return OperatingSystem.IsWindows()
                ? X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null)
                : loaded;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KubeConfigException($"{place}: client certificate and key are not a matching pair in PEM.", e);
        }
    }
}
