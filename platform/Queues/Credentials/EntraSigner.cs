using Azure.Core;
using Azure.Identity;
using CanaryFunctions.Platform.Identity;
using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.Credentials;

/// <summary>Shows a token of Entra ID.</summary>
internal sealed class EntraSigner(TokenCredential credential, string scope, TimeProvider time) : IRequestSigner
{
    private readonly EntraTokens _tokens = new(credential, scope, time);

    public async ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await _tokens.GetAsync(ct)}");
        }
        catch (AuthenticationFailedException e)
        {
            // The service that gives tokens may be down as any other.
            throw new QueueException($"No token for {scope}: {EntraTokens.Problem(e)}", isTransient: true, inner: e);
        }
    }

    public void Forget() => _tokens.Forget();
}
