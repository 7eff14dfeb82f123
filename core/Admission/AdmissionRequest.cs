using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Admission;

/// <summary>The facts of one AdmissionReview (admission.k8s.io/v1).</summary>
/// <param name="Uid">Of the review, not of the object.</param>
/// <param name="Group">API group of the object; empty for the core group.</param>
public sealed record AdmissionRequest(string Uid, AdmissionOperation Operation, string Group, string Kind)
{
    /// <summary>Such as <c>status</c> or <c>scale</c>; empty for the object itself.</summary>
    public string SubResource { get; init; } = "";

    /// <summary>API version that the author used, such as <c>v1alpha3</c>; the object itself has been converted.</summary>
    public string WrittenVersion { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary>Empty for a create that leaves the name to the API server.</summary>
    public string Name { get; init; } = "";

    /// <summary>The object as it is to be stored; null for a delete.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The object as it is stored; null for a create.</summary>
    public JsonObject? OldObject { get; init; }

    public bool DryRun { get; init; }

    /// <summary><c>userInfo.username</c>.</summary>
    public string User { get; init; } = "";
}

public enum AdmissionOperation
{
    Create,
    Update,
    Delete,
    Connect,
}
