using System.Globalization;

namespace CanaryFunctions.Platform.Http;

/// <summary>A port of a Service, as a URL of the cluster names it.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
public sealed record ServiceAddress(string Scheme, string Namespace, string Name, int Port)
{
    /// <summary>The API server's path to it, without a slash at the end; the path of the call follows.</summary>
    public string ProxyPath => string.Create(CultureInfo.InvariantCulture,
        $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/services/{(Scheme == "https" ? "https:" : "")}{Uri.EscapeDataString(Name)}:{Port}/proxy");

    /// <summary>Null when the URL names no Service, but a pod behind one.</summary>
    /// <param name="url">One that <see cref="ClusterNames.IsInternal"/> knows for cluster-internal.</param>
    /// <param name="ownNamespace">What a name without a namespace is relative to.</param>
    public static ServiceAddress? Of(Uri url, string ownNamespace)
    {
        var labels = url.IdnHost.TrimEnd('.').Split('.');
        return labels.Length switch
        {
            1 => new(url.Scheme, ownNamespace, labels[0], url.Port),
            2 => new(url.Scheme, labels[1], labels[0], url.Port),
            _ when labels[2] == "svc" => new(url.Scheme, labels[1], labels[0], url.Port),
            _ => null,
        };
    }
}
