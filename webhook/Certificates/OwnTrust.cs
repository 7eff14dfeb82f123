namespace CanaryFunctions.Webhook.Certificates;

/// <summary>A CA of our own: shared by replicas through a Secret, or in memory where there is one process only.</summary>
internal sealed class OwnTrust(WebhookOptions options, CertificateSecret? secret, ReplicaLeases? leases, TimeProvider time, ILogger<OwnTrust> logger) : ITrustSource
{
    private const int Attempts = 5;

    private readonly TrustRotation _rotation = new(options.Certificates, options.Hosts);
    private CertificateSecret.Stored _stored = new(null, null);
    private TrustState? _served;
    private bool _hasBegun;

    public bool IsChanging => _stored.State is { NextCa: not null } or { FormerCa: not null };

    public async Task<Trust> RefreshAsync(CancellationToken ct)
    {
        await BeginAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            _stored = secret is null ? _stored : await secret.ReadAsync(ct);
            if (_stored.State is { } state && state.CanServe(options.Hosts, time.GetUtcNow()))
            {
                return new(state.Leaf, state.Bundle);
            }

            if (attempt == Attempts)
            {
                throw new CertificateException($"Secret {options.SecretName}.{options.OwnNamespace} holds no certificate for {string.Join(", ", options.Hosts)}, and others keep changing it.");
            }

            await WriteAsync(Mended(_stored.State), ct);
        }
    }

    public async Task ReportAsync(CancellationToken ct)
    {
        _served = _stored.State;
        await (leases?.ReportAsync(_served?.Fingerprint, ct) ?? Task.CompletedTask);
    }

    public async Task<bool> AdvanceAsync(bool isAnnounced, CancellationToken ct)
    {
        if (_stored.State is not { } state)
        {
            return false;
        }

        var isServed = state.FormerCa is null || leases is null || await leases.AllServeAsync(state.Fingerprint, ct);
        if (_rotation.Next(state, time.GetUtcNow(), isAnnounced, isServed) is not { } next)
        {
            return false;
        }

        // Whoever was faster did the same: either way there are news.
        await WriteAsync(next, ct);
        return true;
    }

    public Task EndAsync(CancellationToken ct) => leases?.RemoveAsync(ct) ?? Task.CompletedTask;

    // A replica announces itself before it reads what to serve: from then on no change of CA ends without it.
    private async Task BeginAsync(CancellationToken ct)
    {
        if (_hasBegun || leases is null)
        {
            return;
        }

        await leases.ReportAsync(null, ct);
        await leases.CleanAsync(ct);
        _hasBegun = true;
    }

    private TrustState Mended(TrustState? broken)
    {
        var now = time.GetUtcNow();
        if (_served is { } served && served.CanServe(options.Hosts, now))
        {
            logger.CertificateRestored(options.SecretName, options.OwnNamespace ?? "");
            return _rotation.Restore(served, now);
        }

        return broken is null ? _rotation.Create(now) : _rotation.Repair(broken, now);
    }

    private async Task WriteAsync(TrustState state, CancellationToken ct)
    {
        if (secret is null)
        {
            _stored = new(state, null);
        }
        else
        {
            await secret.WriteAsync(_stored, state, ct);
        }
    }
}
