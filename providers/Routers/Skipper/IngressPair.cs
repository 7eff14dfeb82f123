using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>The user's Ingress and the one made from it.</summary>
internal sealed record IngressPair(ObjectRef Apex, ObjectRef Canary)
{
    /// <summary>Null when the Canary names no ingress.</summary>
    public static IngressPair? Of(Canary canary) => canary.Spec.IngressRef is { Name: { Length: > 0 } name }
        ? new(new(Kinds.Ingress, canary.Namespace, name), new(Kinds.Ingress, canary.Namespace, $"{name}-canary"))
        : null;
}
