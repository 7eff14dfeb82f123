using CanaryFunctions.Webhook.Certificates;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>What the last looks found, for <c>/readyz</c> and <c>/metrics</c>. Thread-safe.</summary>
internal sealed class KeeperState
{
    private readonly Lock _gate = new();
    private KeeperFacts _facts = new();

    public KeeperFacts Facts
    {
        get
        {
            lock (_gate)
            {
                return _facts;
            }
        }
    }

    public void Serves(Trust trust)
    {
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(trust.Leaf.Certificate);
        Change(f => f with { CertificateFrom = new(leaf.NotBefore.ToUniversalTime()), CertificateUntil = new(leaf.NotAfter.ToUniversalTime()), Bundle = trust.Bundle });
    }

    public void Looked(DateTimeOffset now, bool stands) => Change(f => f with { LookedAt = now, IsRegistered = stands, Failure = null });

    public void Failed(string problem) => Change(f => f with { Failure = problem });

    private void Change(Func<KeeperFacts, KeeperFacts> change)
    {
        lock (_gate)
        {
            _facts = change(_facts);
        }
    }
}

/// <summary>Certificate and registration as they were at the last look.</summary>
internal sealed record KeeperFacts
{
    /// <summary>Null before the first certificate.</summary>
    public DateTimeOffset? CertificateFrom { get; init; }

    public DateTimeOffset? CertificateUntil { get; init; }

    /// <summary>CA certificates in PEM that API servers are told to trust; null where somebody else tells them.</summary>
    public string? Bundle { get; init; }

    /// <summary>When a look last went through, which needs an API server that answers; null before the first.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>False when another process has taken the registration over.</summary>
    public bool IsRegistered { get; init; }

    /// <summary>Why the last look failed; null when it did not.</summary>
    public string? Failure { get; init; }
}
