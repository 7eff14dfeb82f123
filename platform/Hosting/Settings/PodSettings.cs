using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>Whether a process is in the cluster that it works on, and as which pod.</summary>
/// <param name="IsInside">It runs in a pod, and no kubeconfig leads it elsewhere.</param>
/// <param name="Namespace">The pod's; null outside.</param>
/// <param name="Name">The pod's; null outside, and where nothing tells it.</param>
public sealed record PodSettings(bool IsInside, string? Namespace, string? Name)
{
    /// <param name="accountNamespace">Namespace of the pod's service account; <c>POD_NAMESPACE</c> wins.</param>
    public static PodSettings Read(IConfiguration configuration, string accountNamespace)
    {
        var isInside = !string.IsNullOrEmpty(configuration["KUBERNETES_SERVICE_HOST"]) && string.IsNullOrEmpty(configuration["kubeconfig"]);
        return isInside
            ? new(true, Given(configuration, "POD_NAMESPACE") ?? accountNamespace, Given(configuration, "POD_NAME") ?? Given(configuration, "HOSTNAME"))
            : new(false, null, null);
    }

    private static string? Given(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;
}
