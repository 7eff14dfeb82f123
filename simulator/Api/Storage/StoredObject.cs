using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Storage;

/// <summary>One stored version of an object. The tree is never changed once it is here: whoever wants to change it copies it.</summary>
internal sealed record StoredObject(string Kind, string Namespace, string Name, long Version, JsonObject Json)
{
    public string Uid { get; } = Json.Str("metadata", "uid") ?? "";

    public string Key => KeyOf(Namespace, Name);

    public JsonObject? Labels => Json.Obj("metadata", "labels");

    public bool Terminating => Json.Str("metadata", "deletionTimestamp") is not null;

    public IEnumerable<string> Finalizers => Json.Arr("metadata", "finalizers").Strings();

    public IEnumerable<JsonObject> Owners => Json.Arr("metadata", "ownerReferences").Objects();

    public static string KeyOf(string ns, string name) => $"{ns}/{name}";
}
