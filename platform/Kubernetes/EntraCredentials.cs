using Azure.Identity;
using CanaryFunctions.Platform.Identity;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Tokens of Entra ID, as AKS takes them (contracts/azure-keda.md 5.1); no kubelogin is needed.</summary>
/// <param name="place">Names the setting, for messages.</param>
internal sealed class EntraCredentials(EntraTokens tokens, string place) : IKubeCredentialSource
{
    /// <summary>The application that every AKS cluster with Entra ID is, in every tenant and cloud.</summary>
    public const string AksScope = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

    private volatile KubeCredential? _shown;

    public async ValueTask<KubeCredential> GetAsync(CancellationToken ct)
    {
        try
        {
            return _shown = new KubeCredential($"Bearer {await tokens.GetAsync(ct)}", null);
        }
        catch (AuthenticationFailedException e)
        {
            throw new KubeConfigException($"{place}: no token of Entra ID for {tokens.Scope}: {EntraTokens.Problem(e)}", e);
        }
    }

    public void Reject(KubeCredential used)
    {
        // Only the one that was refused: a request that was slow to fail must not throw away its successor.
        if (_shown == used)
        {
            tokens.Forget();
        }
    }
}
