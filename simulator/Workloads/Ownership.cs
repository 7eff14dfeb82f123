using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Owner references as a controller sets and reads them.</summary>
internal static class Ownership
{
    /// <summary><c>metadata.ownerReferences</c> that name one controlling owner.</summary>
    public static JsonArray ControlledBy(JsonObject owner, ResourceKind kind) =>
    [
        new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["name"] = owner.Name(),
            ["uid"] = owner.Uid(),
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        },
    ];

    /// <summary>The controlling owner's reference, or null.</summary>
    public static JsonObject? Controller(JsonObject obj)
        => obj.ListAt("metadata", "ownerReferences").OfType<JsonObject>().FirstOrDefault(r => r.Flag("controller") == true);

    public static bool IsControlledBy(JsonObject obj, JsonObject owner) => Controller(obj).Text("uid") == owner.Uid();

    /// <summary>The key of the controlling owner when it is of this kind.</summary>
    public static ObjectKey? ControllerKey(JsonObject? obj, string kind)
        => obj is not null && Controller(obj) is { } owner && owner.Text("kind") == kind ? new(obj.Namespace(), owner.Text("name") ?? "") : null;
}
