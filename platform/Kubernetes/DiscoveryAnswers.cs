using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Reads the documents of discovery.</summary>
internal static class DiscoveryAnswers
{
    public const string AcceptAggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    public static bool IsAggregated(JsonObject answer) => answer.Text("kind") == "APIGroupDiscoveryList";

    /// <summary>Kinds of an <c>APIGroupDiscoveryList</c>, whose versions come in the order of preference.</summary>
    public static IEnumerable<ResourceKind> Aggregated(JsonObject answer)
        => from item in answer.ListAt("items")
           let g = item.Text("metadata", "name") ?? ""
           from version in item.ListAt("versions")
           let v = version.Text("version")
           where v is not null
           from resource in version.ListAt("resources")
           let kind = resource.Text("responseKind", "kind")
           let plural = resource.Text("resource")
           where kind is not null && plural is not null
           select new ResourceKind(g, v, kind, plural, resource.Text("scope") != "Cluster");

    /// <summary>Groups of an aggregated answer of which a version is not fresh: their own API server does not answer.</summary>
    public static IEnumerable<string> Stale(JsonObject answer)
        => from item in answer.ListAt("items")
           where item.ListAt("versions").Any(v => v.Text("freshness") == "Stale")
           select item.Text("metadata", "name") ?? "";

    /// <summary>Group and version of an <c>APIGroupList</c>, each group's preferred version first.</summary>
    public static IEnumerable<(string Group, string Version)> Versions(JsonObject answer)
        => from g in answer.ListAt("groups")
           let name = g.Text("name") ?? ""
           let preferred = g.Text("preferredVersion", "version")
           from version in g.ListAt("versions").Select(v => v.Text("version")).OfType<string>().OrderBy(v => v == preferred ? 0 : 1)
           select (name, version);

    /// <summary>Kinds of one <c>APIResourceList</c>.</summary>
    public static IEnumerable<ResourceKind> Resources(JsonObject answer, string apiGroup, string version)
        => from resource in answer.ListAt("resources")
           let plural = resource.Text("name")
           let kind = resource.Text("kind")
           where plural is not null && kind is not null && !plural.Contains('/', StringComparison.Ordinal)   // a slash: a subresource
           select new ResourceKind(apiGroup, version, kind, plural, resource.Flag("namespaced") ?? true);
}
