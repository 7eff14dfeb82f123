using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Shared;

/// <summary>Owner references: an object with the Canary's goes with the Canary, by garbage collection.</summary>
internal static class Ownership
{
    /// <summary>A new object of the Canary's.</summary>
    public static JsonObject New(ObjectRef reference, JsonObject owner)
    {
        var created = KubeObject.New(reference.Kind, reference.Namespace, reference.Name);
        Take(created, owner);
        return created;
    }

    /// <summary>Makes the object the Canary's. References to others stay, and so does the place of an older one to the Canary.</summary>
    public static void Take(JsonObject obj, JsonObject owner)
    {
        List<JsonNode> references = [.. obj.ListAt("metadata", "ownerReferences").Select(o => o.DeepClone())];
        var ours = references.FindIndex(o => o.Text("uid") == owner.Text("uid"));
        if (ours >= 0)
        {
            references[ours] = owner.DeepClone();
        }
        else
        {
            references.Add(owner.DeepClone());
        }

        obj.Metadata()["ownerReferences"] = new JsonArray([.. references]);
    }

    /// <summary>Lets go of the object, so that it outlives the Canary; users then change it as they like.</summary>
    public static void Release(JsonObject obj, Canary canary)
    {
        JsonNode[] others = [.. obj.ListAt("metadata", "ownerReferences").Where(o => o.Text("uid") != canary.Uid).Select(o => o.DeepClone())];
        obj.Metadata().Remove("ownerReferences");
        if (others.Length > 0)
        {
            obj.Metadata()["ownerReferences"] = new JsonArray(others);
        }

        ToolkitAnnotations.Remove(obj);
    }

    /// <summary>Whether nobody owns it.</summary>
    public static bool IsFree(JsonObject obj) => !obj.ListAt("metadata", "ownerReferences").Any();
}
