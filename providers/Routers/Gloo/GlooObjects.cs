using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>The objects that split one Canary's traffic: named as in contracts/routing-metrics.md 1.6, in the versions that the cluster serves.</summary>
/// <param name="Table">Carries the apex service's name, because that is what the user's VirtualService delegates to.</param>
/// <param name="Config">The user's Upstream whose settings the generated ones take over; null without one.</param>
internal sealed record GlooObjects(ObjectRef Table, ObjectRef Primary, ObjectRef Canary, ObjectRef? Config)
{
    public const string UpstreamGroup = "gloo.solo.io";
    public static readonly DrivenKind TableKind = new("gateway.solo.io", "RouteTable");
    public static readonly DrivenKind UpstreamKind = new(UpstreamGroup, "Upstream");

    /// <summary>Null when <see cref="Missing"/> is not.</summary>
    public static GlooObjects? Of(Canary canary, IServedKinds kinds)
    {
        if (TableKind.In(kinds) is not { } table || UpstreamKind.In(kinds) is not { } upstream)
        {
            return null;
        }

        var port = canary.Spec.Service.Port;
        return new(
            new(table, canary.Namespace, canary.ApexService),
            new(upstream, canary.Namespace, $"{PrimaryPrefix(canary)}{port}"),
            new(upstream, canary.Namespace, $"{CanaryPrefix(canary)}{port}"),
            canary.Spec.UpstreamRef is { Name.Length: > 0 } config ? new(upstream, NamespaceOf(config, canary), config.Name) : null);
    }

    /// <summary>What the cluster would have to serve; null when it serves all.</summary>
    public static string? Missing(IServedKinds kinds)
    {
        var names = ((DrivenKind[])[TableKind, UpstreamKind]).Where(k => k.In(kinds) is null).Select(k => $"{k.Kind} of {k.Group}").ToList();
        return names.Count == 0 ? null : string.Join(" and ", names);
    }

    /// <summary>Beginning of the primary Upstreams' names, up to the port.</summary>
    public static string PrimaryPrefix(Canary canary) => $"{canary.Namespace}-{canary.ApexService}-primaryupstream-";

    /// <summary>Beginning of the canary Upstreams' names, up to the port.</summary>
    public static string CanaryPrefix(Canary canary) => $"{canary.Namespace}-{canary.ApexService}-canaryupstream-";

    /// <summary>A reference without namespace stays in the Canary's.</summary>
    public static string NamespaceOf(ObjectReference config, Canary canary) => config.Namespace is { Length: > 0 } ns ? ns : canary.Namespace;
}
