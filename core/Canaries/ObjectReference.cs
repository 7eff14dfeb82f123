using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>A reference in a spec: apiVersion, kind, name, and where the field has one a namespace.</summary>
public sealed record ObjectReference(string ApiVersion, string Kind, string Name, string? Namespace = null)
{
    /// <summary>API group of <see cref="ApiVersion"/>; empty for the core group.</summary>
    public string Group => ApiVersion.LastIndexOf('/') is var slash and >= 0 ? ApiVersion[..slash] : "";

    internal static ObjectReference? Read(JsonNode? node)
        => node is JsonObject
            ? new(node.Text("apiVersion") ?? "", node.Text("kind") ?? "", node.Text("name") ?? "", node.Text("namespace"))
            : null;
}
