using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Network.Mesh;

/// <summary>A pod as meshes name it in their series.</summary>
/// <param name="Workload">The Deployment, or whatever else made the pod; the pod itself where nobody did.</param>
/// <param name="IsDeployment">Whether the workload is a Deployment.</param>
/// <param name="App">Label <c>app</c>; empty where it has none.</param>
/// <param name="Version">Label <c>version</c>; empty where it has none.</param>
public sealed record MeshedPod(string Namespace, string Name, string Workload, bool IsDeployment, string App, string Version)
{
    private const string TemplateHash = "pod-template-hash";

    public static MeshedPod Of(JsonObject pod)
    {
        var owner = pod.ListAt("metadata", "ownerReferences").FirstOrDefault(o => o.Flag("controller") == true);
        var name = owner.Text("name") ?? pod.Name();

        // A ReplicaSet that a Deployment made is called like it, with its template's hash behind.
        var suffix = pod.Label(TemplateHash) is { } hash ? $"-{hash}" : null;
        var isDeployment = owner.Text("kind") == "ReplicaSet" && suffix is not null && name.EndsWith(suffix, StringComparison.Ordinal);
        var workload = isDeployment ? name[..^suffix!.Length] : name;
        return new(pod.Namespace(), pod.Name(), workload, isDeployment, pod.Label("app") ?? "", pod.Label("version") ?? "");
    }
}
