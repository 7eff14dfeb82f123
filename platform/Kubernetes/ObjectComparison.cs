using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>
/// Tells whether a stored object shows a write of ours whose answer was lost. In doubt the answer is no: then the caller sees a conflict, which costs
/// a look, while a false yes would lose a write.
/// </summary>
internal static class ObjectComparison
{
    /// <summary>Metadata that servers do not fill in by themselves, so that it must be equal, not only contained.</summary>
    private static readonly string[] OwnMetadata = ["labels", "annotations", "finalizers", "ownerReferences"];

    /// <summary>Everything but status and what the server writes is as desired; fields that the server added by default are allowed.</summary>
    public static bool ShowsObject(JsonObject stored, JsonObject desired)
        => OwnMetadata.All(key => Same(stored.At("metadata", key), desired.At("metadata", key)))
            && desired.All(p => p.Key is "apiVersion" or "kind" or "metadata" or "status" || Contains(stored[p.Key], p.Value));

    public static bool ShowsStatus(JsonObject stored, JsonObject desired) => Same(stored["status"], desired["status"]);

    /// <summary>Applying the merge patch to the object would change nothing.</summary>
    public static bool ShowsMergePatch(JsonNode? stored, JsonObject patch)
        => patch.All(p => p.Value switch
        {
            null => stored.At(p.Key) is null,
            _ when p.Key is "resourceVersion" or "uid" => true,
            JsonObject inner => ShowsMergePatch(stored.At(p.Key), inner),
            var value => Contains(stored.At(p.Key), value),
        });

    /// <summary>Whatever <paramref name="desired"/> has, <paramref name="stored"/> has as well.</summary>
    public static bool Contains(JsonNode? stored, JsonNode? desired) => (stored, desired) switch
    {
        (_, null) => stored is null,
        (JsonObject s, JsonObject d) => d.All(p => Contains(s[p.Key], p.Value)),
        (JsonArray s, JsonArray d) => s.Count == d.Count && s.Zip(d).All(pair => Contains(pair.First, pair.Second)),
        (null, JsonObject { Count: 0 } or JsonArray { Count: 0 }) => true,   // servers drop what is empty
        _ => JsonNode.DeepEquals(stored, desired),
    };

    private static bool Same(JsonNode? a, JsonNode? b) => Contains(a, b) && Contains(b, a);
}
