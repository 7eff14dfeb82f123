namespace CanaryFunctions.Core.Objects;

/// <summary>A kind of Kubernetes object: where the API server serves it and what its objects call themselves.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version within the group, such as <c>v1</c>.</param>
/// <param name="Kind">Kind in the singular, such as <c>Deployment</c>.</param>
/// <param name="Plural">Resource name in the path, such as <c>deployments</c>.</param>
/// <param name="Namespaced">False for kinds that live outside namespaces.</param>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural, bool Namespaced = true)
{
    /// <summary>The <c>apiVersion</c> its objects carry.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public override string ToString() => $"{ApiVersion} {Kind}";
}
