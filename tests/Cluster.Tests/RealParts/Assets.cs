using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>The folder with <c>etcd</c>, <c>kube-apiserver</c> and <c>kube-controller-manager</c>: <c>KUBEBUILDER_ASSETS</c>, or what <c>tests/cluster/install.sh</c> made.</summary>
internal static class Assets
{
    private static readonly string[] Parts = ["etcd", "kube-apiserver", "kube-controller-manager"];

    private static readonly string? Folder = Candidates().FirstOrDefault(folder => Parts.All(part => File.Exists(Path.Combine(folder, part))));

    /// <summary>Null where the tests can run, and in CI, where they have to.</summary>
    internal static string? WhySkip => Folder is not null || ProgramPath.IsCi
        ? null
        : "no real Kubernetes here: run tests/cluster/install.sh, or point KUBEBUILDER_ASSETS at etcd, kube-apiserver and kube-controller-manager.";

    internal static string PathOf(string part) => Path.Combine(Folder ?? throw new FileNotFoundException($"{part} is missing: run tests/cluster/install.sh"), part);

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } given)
        {
            yield return given;
        }

        if (Directory.Exists(ProgramPath.Cache))
        {
            foreach (var folder in Directory.GetDirectories(ProgramPath.Cache, "kubernetes-*").Order(StringComparer.Ordinal))
            {
                yield return folder;
            }
        }
    }
}
