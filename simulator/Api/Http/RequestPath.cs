namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>/api/v1/... and /apis/GROUP/VERSION/..., taken apart.</summary>
internal sealed record RequestPath(string Group, string Version, string Resource, string Namespace, string Name, string Subresource, string Rest)
{
    /// <summary>Null for a path that names no resource.</summary>
    public static RequestPath? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return parts switch
        {
            ["api", var version, .. { Length: > 0 } rest] => Resolve("", version, rest),
            ["apis", var group, var version, .. { Length: > 0 } rest] => Resolve(group, version, rest),
            _ => null,
        };
    }

    private static RequestPath Resolve(string group, string version, string[] rest)
    {
        var ns = "";
        if (rest is ["namespaces", var named, not ("status" or "finalize"), ..])
        {
            ns = named;
            rest = rest[2..];
        }

        return new(group, version, rest[0], ns, rest.ElementAtOrDefault(1) ?? "", rest.ElementAtOrDefault(2) ?? "", string.Join('/', rest.Skip(3)));
    }
}
