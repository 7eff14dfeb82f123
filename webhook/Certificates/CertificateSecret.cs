using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>CA and certificate in a Secret, made by whichever replica comes first; the others read what it wrote.</summary>
internal sealed class CertificateSecret(IClusterClient cluster, string ns, string name, TimeProvider time, ILogger<CertificateSecret> logger)
{
    /// <summary>A certificate with less than this left is replaced.</summary>
    public static readonly TimeSpan RenewalMargin = TimeSpan.FromDays(30);

    private const int Attempts = 5;

    /// <summary>The bundle that all replicas use.</summary>
    /// <exception cref="ClusterException">The API server refuses, or others kept changing the Secret.</exception>
    public async Task<CertificateBundle> ObtainAsync(IReadOnlyList<string> hosts, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ObtainOnceAsync(hosts, ct);
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Attempts)
            {
                // Another replica was first: read what it wrote.
            }
        }
    }

    private async Task<CertificateBundle> ObtainOnceAsync(IReadOnlyList<string> hosts, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var stored = await cluster.GetAsync(new(Kinds.Secret, ns, name), ct);
        if (stored is null)
        {
            var created = CertificateAuthority.Create(hosts, now);
            var secret = KubeObject.New(Kinds.Secret, ns, name);
            secret["type"] = "kubernetes.io/tls";
            await cluster.CreateAsync(Kinds.Secret, WithData(secret, created), ct);
            logger.CertificateWritten(name, ns);
            return created;
        }

        var bundle = Read(stored);
        if (bundle.IsGoodFor(hosts, now, RenewalMargin))
        {
            return bundle;
        }

        var renewed = CertificateAuthority.Renew(bundle, hosts, now);
        await cluster.ReplaceAsync(Kinds.Secret, WithData(stored.Copy(), renewed), ct);
        logger.CertificateWritten(name, ns);
        return renewed;
    }

    private static CertificateBundle Read(JsonObject secret)
        => new(Decode(secret, "ca.crt"), Decode(secret, "ca.key"), Decode(secret, "tls.crt"), Decode(secret, "tls.key"));

    private static string Decode(JsonObject secret, string key)
    {
        var text = secret.Text("data", key) ?? "";
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length) : "";
    }

    private static JsonObject WithData(JsonObject secret, CertificateBundle bundle)
    {
        var data = secret.Section("data");
        data["ca.crt"] = Encode(bundle.CaCertificate);
        data["ca.key"] = Encode(bundle.CaKey);
        data["tls.crt"] = Encode(bundle.Certificate);
        data["tls.key"] = Encode(bundle.Key);
        return secret;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
