using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>The one generated object that splits a Canary's traffic in a mesh. It goes with the Canary, by garbage collection.</summary>
internal abstract class SplitObject(Canary canary, ResourceKind kind)
{
    protected Canary Canary { get; } = canary;

    /// <summary>Named like the apex service, in the version to read and to write.</summary>
    public ObjectRef Reference { get; } = new(kind, canary.Namespace, canary.ApexService);

    /// <summary>The split that the object shows; null when it shows none, or more than that.</summary>
    public abstract TrafficSplit? Read(JsonObject live);

    /// <summary>Makes the object show the split. What others put on it, and what does not bend the split, stays.</summary>
    public abstract void Write(JsonObject obj, TrafficSplit split);

    /// <summary>The whole object to write.</summary>
    /// <param name="live">What is there; null to make a new one.</param>
    public JsonObject Build(JsonObject? live, JsonObject owner, TrafficSplit split)
    {
        var built = live?.Copy();
        if (built is null)
        {
            built = KubeObject.New(Reference.Kind, Reference.Namespace, Reference.Name);
            built.Metadata()["ownerReferences"] = new JsonArray(owner.DeepClone());
        }

        Write(built, split);
        return built;
    }
}
