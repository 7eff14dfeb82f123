namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>The connection that every pod finds in its file system and environment (contracts/azure-keda.md 5.3).</summary>
internal static class InClusterConfig
{
    public const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>True when host, port and token are all there.</summary>
    public static bool IsPresent(Func<string, string?> variable, string folder = ServiceAccountFolder)
        => !string.IsNullOrEmpty(variable("KUBERNETES_SERVICE_HOST"))
            && !string.IsNullOrEmpty(variable("KUBERNETES_SERVICE_PORT"))
            && File.Exists(Path.Combine(folder, "token"));

    /// <exception cref="KubeConfigException">This is no pod, or its files are unusable.</exception>
    public static KubeConnection Load(Func<string, string?> variable, TimeProvider time, string folder = ServiceAccountFolder)
    {
        if (!IsPresent(variable, folder))
        {
            throw new KubeConfigException(
                $"Not in a cluster: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and {folder}/token must all be there.");
        }

        var host = variable("KUBERNETES_SERVICE_HOST")!;
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        var server = $"https://{authority}:{variable("KUBERNETES_SERVICE_PORT")}";
        if (!Uri.TryCreate(server, UriKind.Absolute, out var url))
        {
            throw new KubeConfigException($"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no URL: '{server}'.");
        }

        var rootsFile = Path.Combine(folder, "ca.crt");
        var roots = new TrustRoots(CachedText.File(rootsFile, "in-cluster ca.crt", time), rootsFile);
        roots.Load();
        var token = CachedText.File(Path.Combine(folder, "token"), "in-cluster token", time);
        var namespaceFile = Path.Combine(folder, "namespace");
        return new KubeConnection(url)
        {
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default",
            IsInCluster = true,
            Roots = roots,
            Credentials = new FileCredentials("Bearer", token, null, null, "in-cluster"),
        };
    }
}
