using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>
/// The one generated object that splits a Canary's traffic in a mesh. It goes when the Canary is deleted, unless it is users' only way to the
/// application: then it is released.
/// </summary>
internal abstract class SplitObject(Canary canary, ResourceKind kind)
{
    protected Canary Canary { get; } = canary;

    /// <summary>Named like the apex service, in the version to read and to write.</summary>
    public ObjectRef Reference { get; } = new(kind, canary.Namespace, canary.ApexService);

    /// <summary>The split that the object shows; null when it shows none, or more than that.</summary>
    public abstract TrafficSplit? Read(JsonObject live);

    /// <summary>Makes the object show the split. What others put on it, and what does not bend the split, stays.</summary>
    public abstract void Write(JsonObject obj, TrafficSplit split);

    /// <summary>The object led to the apex service alone; null where callers reach that without it.</summary>
    public virtual JsonObject? Release(JsonObject live) => null;

    /// <summary>Whether this is what <see cref="Release"/> left: a later Canary takes it up again.</summary>
    public virtual bool IsReleased(JsonObject live) => false;

    /// <summary>The whole object to write.</summary>
    /// <param name="live">What is there; null to make a new one.</param>
    public JsonObject Build(JsonObject? live, JsonObject owner, TrafficSplit split)
    {
        var built = live?.Copy() ?? KubeObject.New(Reference.Kind, Reference.Namespace, Reference.Name);
        if (!Canary.Owns(built))
        {
            built.Metadata()["ownerReferences"] = new JsonArray(owner.DeepClone());
        }

        Write(built, split);
        return built;
    }
}
