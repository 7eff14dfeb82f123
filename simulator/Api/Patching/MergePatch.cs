using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>RFC 7386: objects merge, null removes, everything else replaces.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = (JsonObject)target.DeepClone();
        Merge(result, patch);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(key);
                    break;
                case JsonObject below:
                    if (target[key] is not JsonObject inner)
                    {
                        target[key] = inner = [];
                    }

                    Merge(inner, below);
                    break;
                default:
                    target[key] = value.DeepClone();
                    break;
            }
        }
    }
}
