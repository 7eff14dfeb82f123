using CanaryFunctions.Core;
using CanaryFunctions.Platform.Http;

namespace CanaryFunctions.Platform.Kubernetes.Clusters;

/// <summary>One of several clusters that a process serves, with the settings that hold for it: the install's, but for those it has of its own.</summary>
/// <param name="Kubernetes">How it is connected to.</param>
/// <param name="Install">With its name as <see cref="CanaryOptions.ClusterName"/>.</param>
/// <param name="Http">How its Services are reached.</param>
public sealed record ClusterSettings(KubernetesOptions Kubernetes, CanaryOptions Install, HttpCallerOptions Http)
{
    /// <summary>Name in messages and alerts.</summary>
    public string Name => Install.ClusterName;
}
