using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Skipper;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>Makes the RouteTable.</summary>
internal static class SplitTable
{
    // A controller that applies the user's sources must neither prune nor revert what it did not write.
    private static readonly (string Key, string Value)[] ToolkitAnnotations =
        [("helm.toolkit.fluxcd.io/driftDetection", "disabled"), ("kustomize.toolkit.fluxcd.io/reconcile", "disabled")];

    /// <summary>The whole table. What others put on the live one stays.</summary>
    public static JsonObject Build(RouteInput input, GlooObjects objects, TrafficSplit split)
    {
        var table = input.Find(objects.Table)?.Copy() ?? Generated.New(objects.Table, input.Owner);
        SetMetadata(table, input.Canary.Spec.Service.Apex);
        new SplitRoutes(input.Canary, objects).Write(table, split);
        return table;
    }

    // The labels and annotations of spec.service.apex and nothing of the Service itself, which would not be the user's wish (7.7 of the contract).
    private static void SetMetadata(JsonObject table, ServiceMetadata apex)
    {
        if (apex.Labels.Count + apex.Annotations.Count > 0 || table.Annotation(CopiedKeys.Annotation) is not null)
        {
            var source = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = ToJson(apex.Labels), ["annotations"] = ToJson(apex.Annotations) } };
            CopiedKeys.Of(source, []).Apply(source, table);
        }

        foreach (var (key, value) in ToolkitAnnotations)
        {
            table.Metadata().Section("annotations")[key] = value;
        }
    }

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> map) => new(map.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
}

/// <summary>Objects that come and go with the Canary.</summary>
internal static class Generated
{
    public static JsonObject New(ObjectRef reference, JsonObject owner)
    {
        var created = KubeObject.New(reference.Kind, reference.Namespace, reference.Name);
        created.Metadata()["ownerReferences"] = new JsonArray(owner.DeepClone());
        return created;
    }
}
