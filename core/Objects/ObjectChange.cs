using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Objects;

/// <summary>One planned write. The object of a replace carries the resourceVersion that was read, which makes it the write's precondition.</summary>
public sealed record ObjectChange
{
    private ObjectChange(ObjectRef target, ChangeKind kind, JsonObject? desired, string? resourceVersion)
        => (Target, Kind, Desired, ResourceVersion) = (target, kind, desired, resourceVersion);

    public ObjectRef Target { get; }

    public ChangeKind Kind { get; }

    /// <summary>The whole object to write; for a scale the merge patch; null for a delete.</summary>
    public JsonObject? Desired { get; }

    /// <summary>Precondition of a replace or delete.</summary>
    public string? ResourceVersion { get; }

    public static ObjectChange Create(ObjectRef target, JsonObject desired) => new(target, ChangeKind.Create, desired, null);

    public static ObjectChange Replace(ObjectRef target, JsonObject desired) => new(target, ChangeKind.Replace, desired, desired.ResourceVersion());

    public static ObjectChange Delete(ObjectRef target, JsonObject read) => new(target, ChangeKind.Delete, null, read.ResourceVersion());

    /// <summary>Sets <c>spec.replicas</c> and nothing else.</summary>
    public static ObjectChange Scale(ObjectRef target, JsonObject read, int replicas) => new(target, ChangeKind.Scale, ReplicasPatch(read, replicas), read.ResourceVersion());

    /// <summary>Create when nothing was read, replace when it differs from what was read, null when it is the same.</summary>
    public static ObjectChange? Between(ObjectRef target, JsonObject? read, JsonObject desired)
        => read is null ? Create(target, desired)
            : JsonNode.DeepEquals(read, desired) ? null
            : Replace(target, desired);

    public override string ToString() => $"{Kind} {Target}";

    private static JsonObject ReplicasPatch(JsonObject read, int replicas) => new()
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = read.ResourceVersion() },
        ["spec"] = new JsonObject { ["replicas"] = replicas },
    };
}

public enum ChangeKind
{
    Create,
    Replace,
    Delete,
    Scale,
}
