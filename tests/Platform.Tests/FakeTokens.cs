using Azure.Core;
using Azure.Identity;

namespace CanaryFunctions.Platform.Tests;

/// <summary>Entra ID: tokens by number, each for an hour of the clock.</summary>
internal sealed class FakeTokens(TimeProvider clock) : TokenCredential
{
    public List<string> Scopes { get; } = [];

    public bool Fails { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return Fails
            ? throw new AuthenticationFailedException("the identity service is down\nand here are many lines more")
            : new($"token-{Scopes.Count}", clock.GetUtcNow() + TimeSpan.FromHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
