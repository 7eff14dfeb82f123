using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>PartialObjectMetadata of an object.</summary>
internal static class MetadataView
{
    public static JsonObject Of(JsonObject item) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = item.Obj("metadata")?.DeepClone() ?? new JsonObject(),
    };
}
