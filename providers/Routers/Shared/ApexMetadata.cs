using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Shared;

/// <summary>
/// The labels and annotations of <c>spec.service.apex</c> on a generated routing object, and nothing of the Service itself, which would not be the user's wish
/// (contracts/routing-metrics.md 7.7).
/// </summary>
internal static class ApexMetadata
{
    /// <summary>Makes them follow. What others put on the object stays.</summary>
    public static void Apply(ServiceMetadata apex, JsonObject obj)
    {
        if (apex.Labels.Count + apex.Annotations.Count > 0 || obj.Annotation(CopiedKeys.Annotation) is not null)
        {
            var source = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = ToJson(apex.Labels), ["annotations"] = ToJson(apex.Annotations) } };
            CopiedKeys.Of(source, []).Apply(source, obj);
        }

        ToolkitAnnotations.Add(obj);
    }

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> map) => new(map.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
}
