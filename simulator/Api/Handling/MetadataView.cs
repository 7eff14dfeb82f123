using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>PartialObjectMetadata of an object.</summary>
internal static class MetadataView
{
    public static JsonObject Of(JsonObject item, string apiVersion = "meta.k8s.io/v1") => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = apiVersion,
        ["metadata"] = item.Obj("metadata")?.DeepClone() ?? new JsonObject(),
    };
}
