using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>Gadgets between their versions: v1alpha3's <c>spec.old</c> is v1beta1's <c>spec.current.value</c>.</summary>
internal static class GadgetConversion
{
    /// <summary>A gadget with this value is refused.</summary>
    internal const string Poison = "poison";

    internal static JsonObject Answer(JsonObject request)
    {
        var wanted = (string)request["desiredAPIVersion"]!;
        var converted = request["objects"]!.AsArray().Select(o => Convert((JsonObject)o!.DeepClone(), wanted)).ToArray();
        return converted.Any(c => (string?)c["spec"]?["old"] == Poison)
            ? new() { ["result"] = new JsonObject { ["status"] = "Failed", ["message"] = "it is poisoned" } }
            : new() { ["result"] = new JsonObject { ["status"] = "Success" }, ["convertedObjects"] = new JsonArray([.. converted]) };
    }

    private static JsonObject Convert(JsonObject item, string wanted)
    {
        if ((string?)item["apiVersion"] != wanted && item["spec"] is JsonObject spec)
        {
            var isOld = spec.Remove("old", out var old);
            spec.Remove("current", out var current);
            if (isOld)
            {
                spec["current"] = new JsonObject { ["value"] = old };
            }
            else
            {
                spec["old"] = current?["value"]?.DeepClone();
            }
        }

        item["apiVersion"] = wanted;
        return item;
    }
}
