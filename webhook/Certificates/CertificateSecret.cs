using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>The replicas' shared state in a Secret. Whoever writes it says which version of it was read; of two at once, one is told to read again.</summary>
internal sealed class CertificateSecret(IClusterClient cluster, string ns, string name, ILogger<CertificateSecret> logger)
{
    private const string Ca = "ca";
    private const string Leaf = "tls";
    private const string NextCa = "next-ca";
    private const string FormerCa = "former-ca.crt";

    /// <summary>What is stored, usable or not; <see cref="Stored.State"/> is null when there is no Secret.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task<Stored> ReadAsync(CancellationToken ct)
    {
        var secret = await cluster.GetAsync(new(Kinds.Secret, ns, name), ct);
        return new(secret is null ? null : StateOf(SecretData.Of(secret)), secret);
    }

    /// <summary>False when somebody else wrote it since it was read.</summary>
    /// <param name="read">What <see cref="ReadAsync"/> gave.</param>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task<bool> WriteAsync(Stored read, TrustState state, CancellationToken ct)
    {
        try
        {
            if (read.Secret is { } secret)
            {
                await cluster.ReplaceAsync(Kinds.Secret, WithData(secret.Copy(), state), ct);
            }
            else
            {
                var created = KubeObject.New(Kinds.Secret, ns, name);
                created["type"] = "kubernetes.io/tls";
                created.Metadata()["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "canary-functions" };
                await cluster.CreateAsync(Kinds.Secret, WithData(created, state), ct);
            }
        }
        catch (ClusterException e) when (e.IsConflict || e.IsNotFound)
        {
            return false;
        }

        logger.CertificateWritten(name, ns);
        return true;
    }

    private static TrustState StateOf(IReadOnlyDictionary<string, string> data)
        => new(Pair(data, Ca) ?? new("", ""), Pair(data, Leaf) ?? new("", ""), Pair(data, NextCa), data.GetValueOrDefault(FormerCa));

    private static PemPair? Pair(IReadOnlyDictionary<string, string> data, string prefix)
        => data.TryGetValue($"{prefix}.crt", out var certificate) && data.TryGetValue($"{prefix}.key", out var key) ? new(certificate, key) : null;

    private static JsonObject WithData(JsonObject secret, TrustState state)
    {
        var data = secret.Section("data");
        Put(data, Ca, state.Ca);
        Put(data, Leaf, state.Leaf);
        Put(data, NextCa, state.NextCa);
        Put(data, FormerCa, state.FormerCa);
        return secret;
    }

    private static void Put(JsonObject data, string prefix, PemPair? pair)
    {
        Put(data, $"{prefix}.crt", pair?.Certificate);
        Put(data, $"{prefix}.key", pair?.Key);
    }

    private static void Put(JsonObject data, string key, string? text)
    {
        if (text is null)
        {
            data.Remove(key);
        }
        else
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>The state as it was read, and the object it was read from.</summary>
    internal sealed class Stored(TrustState? state, JsonObject? secret)
    {
        public TrustState? State { get; } = state;

        public JsonObject? Secret { get; } = secret;
    }
}
