using System.Net;

namespace CanaryFunctions.Platform.Http;

/// <summary>Tells names that only the cluster's DNS knows from those of the world.</summary>
internal static class ClusterNames
{
    /// <summary>
    /// <c>name.namespace</c> looks like <c>example.com</c>. Namespaces are hardly ever named as these domains are; the two-letter ones of countries and
    /// <c>dev</c>, <c>app</c>, <c>test</c> are left out, because namespaces are.
    /// </summary>
    private static readonly HashSet<string> PublicDomains =
        new(StringComparer.OrdinalIgnoreCase) { "com", "net", "org", "edu", "gov", "mil", "info", "biz", "io", "co" };

    /// <summary>True for <c>name</c>, <c>name.namespace</c>, <c>name.namespace.svc</c> and what goes on from there.</summary>
    public static bool IsInternal(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        if (url.IsLoopback || host.Length == 0 || IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return false;
        }

        var labels = host.Split('.');
        return labels.Length switch
        {
            1 => true,
            2 => !PublicDomains.Contains(labels[1]),
            _ => labels[2].Equals("svc", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".svc", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".cluster.local", StringComparison.OrdinalIgnoreCase),
        };
    }
}
