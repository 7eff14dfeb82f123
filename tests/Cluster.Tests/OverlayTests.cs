using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests;

/// <summary>What infra/kustomize renders, given to a real Kubernetes 1.20, whose checks of pods, policies and rights are not ours.</summary>
[Collection(nameof(ControlPlaneTests))]
public sealed class OverlayTests
{
    private static readonly string Folder = RealCluster.FileOf("infra", "kustomize");

    [ClusterFact]
    public async Task EveryOverlay_IsAccepted()
    {
        await using var plane = await ControlPlane.StartAsync();
        using var kubectl = new Kubectl(plane.Kubeconfig);
        await kubectl.RunAsync("apply", "-k", Path.Combine(Folder, "base"));
        await kubectl.RunAsync("apply", "-f", RealCluster.FileOf("foreign-crds.yaml"));
        var overlays = Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)!).Except(["base", "components"]).Order(StringComparer.Ordinal).ToList();
        overlays.ShouldBe(["keda-servicebus", "keda-storagequeue", "loadtester", "outside", "standalone"]);

        foreach (var overlay in overlays)
        {
            var rendered = await RenderAsync(kubectl, overlay);
            var objects = rendered.Split('\n').Count(line => line.StartsWith("kind: ", StringComparison.Ordinal));
            var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            await File.WriteAllTextAsync(file, rendered);
            var lines = (await kubectl.RunAsync("apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", file)).Split('\n');
            File.Delete(file);
            lines.Length.ShouldBe(objects, overlay);
            lines.ShouldAllBe(line => line.EndsWith(" serverside-applied (server dry run)", StringComparison.Ordinal));
        }
    }

    // policy/v1 came with 1.21; its PodDisruptionBudget is that of v1beta1.
    private static async Task<string> RenderAsync(Kubectl kubectl, string overlay)
        => (await kubectl.RunAsync("kustomize", Path.Combine(Folder, overlay))).Replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n", StringComparison.Ordinal);
}
