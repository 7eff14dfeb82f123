namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The path of an Ingress rule or of an HTTPRoute's match. An implementation-specific one is a prefix, as with Skipper's <c>-kubernetes-path-mode=path-prefix</c>.</summary>
internal readonly record struct RoutePath(string Path, bool IsExact)
{
    /// <summary>More specific routes are looked at first: an exact path before a prefix, a longer one before a shorter one.</summary>
    public int Specificity => (Path.TrimEnd('/').Length * 2) + (IsExact ? 1 : 0);

    public static RoutePath Of(string? path, string? pathType) => new(string.IsNullOrEmpty(path) ? "/" : path, pathType == "Exact");

    public bool Matches(string path) => IsExact ? path == Path : IsBelow(path, Path);

    /// <summary>Whole elements only: <c>/foo</c> holds <c>/foo</c> and <c>/foo/bar</c>, not <c>/foobar</c>.</summary>
    public static bool IsBelow(string path, string root)
    {
        var trimmed = root.TrimEnd('/');
        return path.StartsWith(trimmed, StringComparison.Ordinal) && (path.Length == trimmed.Length || path[trimmed.Length] == '/');
    }
}
