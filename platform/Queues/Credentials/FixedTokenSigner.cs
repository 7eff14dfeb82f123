using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.Credentials;

/// <summary>Shows a token that somebody else made; when it has expired, somebody else has to make another.</summary>
internal sealed class FixedTokenSigner(string authorization) : IRequestSigner
{
    public ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return ValueTask.CompletedTask;
    }

    public void Forget()
    {
        // There is nothing to make anew.
    }
}
