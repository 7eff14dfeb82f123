namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Where the kubeconfig comes from.</summary>
public sealed record KubeConfigSource
{
    private KubeConfigSource(IReadOnlyList<string> files, string? text, string directory)
        => (Files, Text, Directory) = (files, text, directory);

    /// <summary>Use this context instead of <c>current-context</c>.</summary>
    public string? Context { get; init; }

    internal IReadOnlyList<string> Files { get; }

    internal string? Text { get; }

    internal string Directory { get; }

    /// <summary>One file, which must exist.</summary>
    public static KubeConfigSource FromFile(string path) => new([Path.GetFullPath(path)], null, "");

    /// <summary>The YAML itself.</summary>
    /// <param name="directory">What relative paths in it are relative to; the current directory when null.</param>
    public static KubeConfigSource FromText(string yaml, string? directory = null)
        => new([], yaml, directory ?? Environment.CurrentDirectory);

    /// <summary>
    /// The files that <c>KUBECONFIG</c> lists (those that exist, merged: what comes first wins), else <c>~/.kube/config</c>; null when there is none.
    /// </summary>
    public static KubeConfigSource? FromEnvironment(Func<string, string?> variable)
    {
        var listed = (variable("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var home = variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] candidates = listed.Length > 0 ? listed : [Path.Combine(home, ".kube", "config")];
        var files = candidates.Where(File.Exists).Select(Path.GetFullPath).ToList();
        return files.Count == 0 ? null : new KubeConfigSource(files, null, "");
    }
}
