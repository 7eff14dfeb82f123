using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>
/// The product's objects as shipped, applied by kubectl as a user does: infra/kustomize/standalone with the overlay of this folder's <c>kustomize</c>, and before it
/// infra/kustomize/outside for what only a process outside the cluster does.
/// </summary>
/// <param name="kubectl">With all rights.</param>
internal sealed class Install(Kubectl kubectl)
{
    /// <summary>One of the settings that were applied: chat messages have it.</summary>
    internal const string ClusterName = "kubernetes-1.20";

    private const string Workload = "deployment/canary-functions";

    /// <exception cref="InvalidOperationException">The API server refuses an object.</exception>
    internal async Task ApplyAsync()
    {
        await kubectl.RunAsync("apply", "-k", RealCluster.FileOf("infra", "kustomize", "outside"));
        await kubectl.RunAsync("apply", "-k", RealCluster.FileOf("tests", "Cluster.Tests", "kustomize"));
    }

    /// <summary>The settings that a pod of the Deployment would get from its ConfigMap, by the variables' names.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        var map = await GetAsync(Workload, "{.spec.template.spec.containers[0].envFrom[*].configMapRef.name}");
        var data = JsonNode.Parse(await GetAsync($"configmap/{map}", "{.data}"))!.AsObject();
        return data.ToDictionary(setting => setting.Key, setting => setting.Value!.GetValue<string>());
    }

    /// <summary>Waits until the Deployment's pods are there, which need a node: stand-ins, that answer every request and do nothing.</summary>
    /// <exception cref="InvalidOperationException">They are not.</exception>
    internal Task RolledOutAsync() => RunAsync("rollout", "status", Workload, "--timeout=45s");

    private Task<string> GetAsync(string what, string path) => RunAsync("get", what, "-o", $"jsonpath={path}");

    private Task<string> RunAsync(params string[] arguments) => kubectl.RunAsync(["-n", ProductAccess.Namespace, .. arguments]);
}
