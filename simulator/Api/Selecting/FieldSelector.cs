using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Selecting;

/// <summary>A field selector: field=value terms, on the fields that the kind offers.</summary>
internal sealed class FieldSelector
{
    private static readonly Dictionary<string, string[]> Offered = new(StringComparer.Ordinal)
    {
        ["/events"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["/pods"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP"],
        ["/namespaces"] = ["status.phase"],
        ["/nodes"] = ["spec.unschedulable"],
        ["/secrets"] = ["type"],
        ["/services"] = ["spec.clusterIP", "spec.type"],
        ["apps/replicasets"] = ["status.replicas"],
    };

    private readonly List<(string[] Path, string Value, bool Equal)> _terms = [];

    /// <summary>The name that metadata.name=X asks for; null without such a term.</summary>
    public string? Name => _terms.FirstOrDefault(t => t.Equal && t.Path is ["metadata", "name"]).Value;

    public static FieldSelector Parse(string text, ResourceType type)
    {
        var result = new FieldSelector();
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = term.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw ApiError.BadRequest($"invalid field selector: \"{text}\": \"{term}\" is not of the form field=value");
            }

            var equal = term[at - 1] != '!';
            var field = term[..(equal ? at : at - 1)];
            if (field is not ("metadata.name" or "metadata.namespace") && !Offered.GetValueOrDefault(type.StorageKey, []).Contains(field))
            {
                throw ApiError.BadRequest(type.Custom is not null || Offered.ContainsKey(type.StorageKey) ? $"field label not supported: {field}"
                    : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }

            result._terms.Add((field.Split('.'), term[(at + 1)..].TrimStart('='), equal));
        }

        return result;
    }

    public bool Matches(StoredObject item) => _terms.TrueForAll(t => (Read(item, t.Path) == t.Value) == t.Equal);

    private static string Read(StoredObject item, string[] path)
    {
        JsonNode? node = item.Json.At(path);
        if (path is ["source"])
        {
            node = item.Json.At("source", "component") ?? item.Json["reportingComponent"];
        }

        return node is null ? (path is ["spec", "unschedulable"] ? "false" : "") : JsonTree.Scalar(node);
    }
}
