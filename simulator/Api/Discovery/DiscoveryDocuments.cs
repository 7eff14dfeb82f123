using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;

namespace CanaryFunctions.Simulator.Api.Discovery;

/// <summary>/api, /apis and what is below them: aggregated for clients that take it, else group by group.</summary>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    /// <summary>Null when the path is not one of discovery's.</summary>
    public Reply? Answer(string path, string accept) => path.Trim('/').Split('/') switch
    {
        ["api"] => Negotiation.Discovery(accept) is { } version ? Aggregated([""], version) : Reply.Json(CoreVersions()),
        ["apis"] => Negotiation.Discovery(accept) is { } version
            ? Aggregated(catalog.Groups.Where(g => g.Length > 0), version)
            : Reply.Json(GroupList()),
        ["api", var version] => ResourceList("", version),
        ["apis", var group] => catalog.Groups.Contains(group) && group.Length > 0 ? Reply.Json(Group(group, withKind: true)) : null,
        ["apis", var group, var version] => ResourceList(group, version),
        _ => null,
    };

    private static JsonObject CoreVersions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    private JsonObject GroupList() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.Groups.Where(g => g.Length > 0).Select(g => Group(g, withKind: false))]),
    };

    private JsonObject Group(string group, bool withKind)
    {
        var versions = catalog.Versions(group).Select(v => new JsonObject { ["groupVersion"] = $"{group}/{v}", ["version"] = v }).ToArray();
        var result = new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
        if (withKind)
        {
            result.Insert(0, "kind", "APIGroup");
            result.Insert(1, "apiVersion", "v1");
        }

        return result;
    }

    private Reply? ResourceList(string group, string version)
    {
        var types = catalog.All.Where(t => t.Group == group && t.Version == version).ToList();
        return types.Count == 0 ? null : Reply.Json(new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = types[0].ApiVersion,
            ["resources"] = new JsonArray([.. types.SelectMany(Entries)]),
        });
    }

    private static IEnumerable<JsonNode> Entries(ResourceType type)
    {
        var entry = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Texts(type.Verbs),
        };
        AddNames(entry, type);
        yield return entry;
        foreach (var (name, group, version, kind, verbs) in Subresources(type))
        {
            var sub = new JsonObject { ["name"] = $"{type.Plural}/{name}", ["singularName"] = "", ["namespaced"] = type.Namespaced, ["kind"] = kind, ["verbs"] = Texts(verbs) };
            if (kind == "Scale")
            {
                sub["group"] = group;
                sub["version"] = version;
            }

            yield return sub;
        }
    }

    private Reply Aggregated(IEnumerable<string> groups, string version)
    {
        var list = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. groups.Select(AggregatedGroup)]),
        };
        return Reply.Json(list) with { ContentType = $"{Reply.JsonType};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" };
    }

    private JsonObject AggregatedGroup(string group) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = group, ["creationTimestamp"] = null },
        ["versions"] = new JsonArray([.. catalog.Versions(group).Select(v => new JsonObject
        {
            ["version"] = v,
            ["resources"] = new JsonArray([.. catalog.All.Where(t => t.Group == group && t.Version == v).Select(AggregatedResource)]),
            ["freshness"] = "Current",
        })]),
    };

    private static JsonNode AggregatedResource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = KindOf(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = Texts(type.Verbs),
        };
        AddNames(resource, type);
        var subresources = Subresources(type).Select(s => new JsonObject
        {
            ["subresource"] = s.Name,
            ["responseKind"] = KindOf(s.Group, s.Version, s.Kind),
            ["verbs"] = Texts(s.Verbs),
        }).ToArray();
        if (subresources.Length > 0)
        {
            resource["subresources"] = new JsonArray([.. subresources]);
        }

        return resource;
    }

    private static IEnumerable<(string Name, string Group, string Version, string Kind, IReadOnlyList<string> Verbs)> Subresources(ResourceType type)
    {
        if (type.HasStatus)
        {
            yield return ("status", type.Group, type.Version, type.Kind, ["get", "patch", "update"]);
        }

        if (type.Scale is not null)
        {
            yield return ("scale", "autoscaling", "v1", "Scale", ["get", "patch", "update"]);
        }

        foreach (var (name, kind, verb) in type.Extra)
        {
            yield return (name, type.Group, type.Version, kind, [verb]);
        }
    }

    private static void AddNames(JsonObject entry, ResourceType type)
    {
        if (type.ShortNames.Count > 0)
        {
            entry["shortNames"] = Texts(type.ShortNames);
        }

        if (type.Categories.Count > 0)
        {
            entry["categories"] = Texts(type.Categories);
        }
    }

    private static JsonObject KindOf(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
