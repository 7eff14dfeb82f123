using System.Globalization;
using System.Text;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Paths and media types of the Kubernetes API.</summary>
internal static class ApiPaths
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const int PageSize = 500;

    public static string Object(ObjectRef reference, string? subresource = null)
    {
        var path = $"{Collection(reference.Kind, reference.Namespace)}/{Uri.EscapeDataString(reference.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <param name="ns">Null for all namespaces, or for a kind that has none.</param>
    public static string Collection(ResourceKind kind, string? ns)
    {
        var path = new StringBuilder(kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}");
        if (kind.Namespaced && ns is { Length: > 0 })
        {
            path.Append("/namespaces/").Append(Uri.EscapeDataString(ns));
        }

        return path.Append('/').Append(kind.Plural).ToString();
    }

    /// <param name="continueAt">Token of the page before; null for the first.</param>
    public static string List(ResourceKind kind, string? ns, ListOptions options, string? continueAt)
    {
        var query = Selectors(options);
        query.Add($"limit={PageSize}");
        if (continueAt is not null)
        {
            query.Add($"continue={Uri.EscapeDataString(continueAt)}");
        }

        return $"{Collection(kind, ns)}?{string.Join('&', query)}";
    }

    public static string Watch(ResourceKind kind, string? ns, ListOptions options, string resourceVersion, TimeSpan timeout)
    {
        var query = Selectors(options);
        query.Add("watch=true");
        query.Add("allowWatchBookmarks=true");
        query.Add($"resourceVersion={Uri.EscapeDataString(resourceVersion)}");
        query.Add($"timeoutSeconds={((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)}");
        return $"{Collection(kind, ns)}?{string.Join('&', query)}";
    }

    public static string AcceptFor(ListOptions options, bool watch) => !options.MetadataOnly ? Json
        : watch ? $"{Json};as=PartialObjectMetadata;g=meta.k8s.io;v=v1,{Json}"
        : $"{Json};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,{Json}";

    private static List<string> Selectors(ListOptions options)
    {
        var query = new List<string>();
        if (options.LabelSelector is { Length: > 0 } labels)
        {
            query.Add($"labelSelector={Uri.EscapeDataString(labels)}");
        }

        if (options.FieldSelector is { Length: > 0 } fields)
        {
            query.Add($"fieldSelector={Uri.EscapeDataString(fields)}");
        }

        return query;
    }
}
