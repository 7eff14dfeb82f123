using Azure.Core;
using Azure.Identity;

namespace CanaryFunctions.Platform.Identity;

/// <summary>Tokens of Entra ID for one scope, for a managed or workload identity or an app registration; each is kept until shortly before it expires.</summary>
internal sealed class EntraTokens(TokenCredential credential, string scope, TimeProvider time)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private volatile Held? _held;

    public string Scope => scope;

    /// <exception cref="AuthenticationFailedException">There is none to be had; <see cref="Problem"/> says why.</exception>
    public async ValueTask<string> GetAsync(CancellationToken ct)
    {
        var held = _held;
        if (held is null || time.GetUtcNow() >= held.RenewAt)
        {
            // Several at once are no harm: the credential has a cache of its own.
            var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), ct);
            _held = held = new Held(token.Token, token.ExpiresOn - Early);
        }

        return held.Token;
    }

    /// <summary>The one that is held was refused.</summary>
    public void Forget() => _held = null;

    /// <summary>The reason without the many lines of advice; it has no secrets.</summary>
    public static string Problem(AuthenticationFailedException error) => error.Message.Split('\n')[0].Trim();

    private sealed record Held(string Token, DateTimeOffset RenewAt);
}
