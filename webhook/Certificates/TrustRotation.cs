using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>
/// What to do next about the certificates (rule 14 of the design). A change of CA has three steps, each a write of its own: the next CA is announced in every
/// registration; a certificate of it is served; the former CA goes when every replica serves that. So at no moment does anybody serve what an API server
/// does not trust. Decides only; reads and writes nothing.
/// </summary>
internal sealed class TrustRotation(CertificateOptions options, IReadOnlyList<string> hosts)
{
    /// <summary>From nothing.</summary>
    public TrustState Create(DateTimeOffset now)
    {
        var ca = CertificateAuthority.Create(now, options.CaLifetime);
        return new(ca, Issue(ca, now));
    }

    /// <summary>From a state that cannot be served. A usable CA is kept, for API servers trust it.</summary>
    public TrustState Repair(TrustState broken, DateTimeOffset now)
        => broken.Ca.EndsAt() > now && TryIssue(broken.Ca, now) is { } leaf
            ? new(broken.Ca, leaf, Usable(broken.NextCa), broken.FormerCa)
            : Create(now);

    /// <summary>The stored state is lost, but replicas serve this one still: kept, and since whoever lost its keys may have meant to, a new CA is announced.</summary>
    public TrustState Restore(TrustState served, DateTimeOffset now)
        => new(served.Ca, served.Leaf, served.NextCa ?? CertificateAuthority.Create(now, options.CaLifetime), served.FormerCa);

    /// <summary>The state after the next step; null when there is nothing to do, or something to wait for.</summary>
    /// <param name="isAnnounced">The bundle has stood in every registration for long enough.</param>
    /// <param name="isServed">Every replica serves <see cref="TrustState.Leaf"/>.</param>
    public TrustState? Next(TrustState state, DateTimeOffset now, bool isAnnounced, bool isServed)
    {
        if (state.FormerCa is { } former && (isServed || !IsAlive(former, now)))
        {
            return new(state.Ca, state.Leaf, state.NextCa);
        }

        // One change after the other: while a former CA is trusted, the next one waits.
        if (state is { NextCa: { } next, FormerCa: null } && isAnnounced)
        {
            return TryIssue(next, now) is { } leaf ? new(next, leaf, null, state.Ca.Certificate) : new(state.Ca, state.Leaf);
        }

        if (state.NextCa is null && !(state.Ca.EndsAt() - now >= options.LeafLifetime + options.RenewBefore))
        {
            return new(state.Ca, state.Leaf, CertificateAuthority.Create(now, options.CaLifetime), state.FormerCa);
        }

        return IsLeafOld(state, now) && TryIssue(state.Ca, now) is { } renewed ? new(state.Ca, renewed, state.NextCa, state.FormerCa) : null;
    }

    // Near its own end a CA can sign nothing that would last longer than what it signed before.
    private bool IsLeafOld(TrustState state, DateTimeOffset now)
        => state.Leaf.EndsAt() is not { } end || (end - now < options.RenewBefore && end < state.Ca.EndsAt());

    private PemPair Issue(PemPair ca, DateTimeOffset now) => CertificateAuthority.Issue(ca, hosts, now, options.LeafLifetime);

    private PemPair? TryIssue(PemPair ca, DateTimeOffset now)
    {
        try
        {
            return Issue(ca, now);
        }
        catch (CryptographicException)
        {
            // No usable CA stands there: the caller takes another way.
            return null;
        }
    }

    private static PemPair? Usable(PemPair? ca) => ca?.EndsAt() is null ? null : ca;

    private static bool IsAlive(string certificate, DateTimeOffset now)
    {
        try
        {
            using var loaded = X509Certificate2.CreateFromPem(certificate);
            return now < loaded.NotAfter.ToUniversalTime();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
