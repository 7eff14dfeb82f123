namespace CanaryFunctions.Core.Objects;

/// <summary>The address of one Kubernetes object.</summary>
public sealed record ObjectRef(ResourceKind Kind, string? Namespace, string Name)
{
    /// <summary>Written as the events write it: <c>ingress podinfo.test</c>.</summary>
    public override string ToString()
        => Namespace is null ? $"{Kind.Kind.ToLowerInvariant()} {Name}" : $"{Kind.Kind.ToLowerInvariant()} {Name}.{Namespace}";
}
