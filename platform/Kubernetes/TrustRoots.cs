using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>The cluster's own certificate authorities. Only they are trusted, not those of the machine.</summary>
internal sealed class TrustRoots(CachedText pem, string place)
{
    private readonly Lock _gate = new();
    private string? _loadedFrom;
    private X509Certificate2Collection _loaded = [];

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf
            || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(Load());
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf);
    }

    /// <exception cref="KubeConfigException">The text holds no certificate.</exception>
    public X509Certificate2Collection Load()
    {
        lock (_gate)
        {
            var text = pem.Get();
            if (text != _loadedFrom)
            {
                _loaded = Parse(text);
                _loadedFrom = text;
            }

            return _loaded;
        }
    }

    public void Expire() => pem.Expire();

    private X509Certificate2Collection Parse(string text)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new KubeConfigException($"{place} holds no certificate in PEM.", e);
        }

        return roots.Count > 0 ? roots : throw new KubeConfigException($"{place} holds no certificate in PEM.");
    }
}
