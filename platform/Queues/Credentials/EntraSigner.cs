using Azure.Core;
using Azure.Identity;
using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.Credentials;

/// <summary>Shows a token of Entra ID, for a managed or workload identity or an app registration; keeps each until shortly before it expires.</summary>
internal sealed class EntraSigner(TokenCredential credential, string scope, TimeProvider time) : IRequestSigner
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private volatile Held? _held;

    public async ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var held = _held;
        if (held is null || time.GetUtcNow() >= held.RenewAt)
        {
            held = await ObtainAsync(ct);
        }

        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {held.Token}");
    }

    public void Forget() => _held = null;

    // Several at once are no harm: the credential has a cache of its own.
    private async Task<Held> ObtainAsync(CancellationToken ct)
    {
        try
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), ct);
            return _held = new Held(token.Token, token.ExpiresOn - Early);
        }
        catch (AuthenticationFailedException e)
        {
            // The service that gives tokens may be down as any other; its text has no secrets, but many lines.
            throw new QueueException($"No token for {scope}: {e.Message.Split('\n')[0].Trim()}", isTransient: true, inner: e);
        }
    }

    private sealed record Held(string Token, DateTimeOffset RenewAt);
}
